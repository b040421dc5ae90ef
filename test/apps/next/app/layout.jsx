export default function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        {/* A full browser requests an icon by itself. */}
        <link rel="icon" href="data:," />
      </head>
      <body>{children}</body>
    </html>
  );
}

export default function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        {/* A whole browser asks for an icon unasked. */}
        <link rel="icon" href="data:," />
      </head>
      <body>{children}</body>
    </html>
  );
}

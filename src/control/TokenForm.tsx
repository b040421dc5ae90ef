import { useState, type FormEvent } from 'react';

/** Asks for the token of an emulator that does not trust this page. */
export function TokenForm({
  problem,
  onToken,
}: {
  problem: string;
  onToken: (token: string) => void;
}) {
  const [token, setToken] = useState('');
  const enter = (event: FormEvent) => {
    event.preventDefault();
    onToken(token);
  };
  return (
    <main className="lone">
      <form className="card" onSubmit={enter}>
        <h2>Enter the token</h2>
        <p>{problem}</p>
        <label>
          Token
          <input
            type="password"
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <button type="submit">Enter</button>
      </form>
    </main>
  );
}

import { useState, type FormEvent } from 'react';
import type { AppConfigClient } from '../client/index.ts';
import { messageOf } from './messageOf.ts';

/** For whom flags are evaluated, and how to be somebody else. */
export function AudienceTab({ client }: { client: AppConfigClient }) {
  const { entityId = '', context = {} } = client.evaluationContext;
  const [entity, setEntity] = useState(entityId);
  const [text, setText] = useState(() => JSON.stringify(context));
  const [outcome, setOutcome] = useState('');
  const apply = (event: FormEvent) => {
    event.preventDefault();
    try {
      client.setEvaluationContext({ entityId: entity || undefined, context: JSON.parse(text) });
      setOutcome('Flags are evaluated for these now.');
    } catch (thrown) {
      setOutcome(messageOf(thrown));
    }
  };
  return (
    <form className="fields" onSubmit={apply}>
      <label>
        Entity
        <input value={entity} onChange={({ target }) => setEntity(target.value)} />
      </label>
      <label>
        Context, as JSON
        <input value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      <button type="submit">Apply</button>
      <p role="status">{outcome}</p>
    </form>
  );
}

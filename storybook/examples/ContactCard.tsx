import { useAppConfig } from 'react-appconfig';
import { z } from 'zod';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';

const SiteSettings = z.object({
  title: z.string(),
  support: z.email(),
  openingHours: z.array(z.string()).min(1),
});

export function ContactCard() {
  const settings = useAppConfig('site-settings', { schema: SiteSettings });
  const renders = <RenderCount count={useRenderCount()} />;
  if (settings.isPending) return <p className="muted">Loading the settings…</p>;
  if (settings.isError) return <p className="notice bad">{settings.error.message}</p>;
  const { title, support, openingHours } = settings.data;
  return (
    <>
      <div className="product">
        <h3>{title}</h3>
        <p className="muted">{support}</p>
        <ul className="plain">
          {openingHours.map((hours) => (
            <li key={hours}>{hours}</li>
          ))}
        </ul>
        <p className="muted">
          Settings {settings.versionLabel}. {renders}
        </p>
      </div>
      {settings.error ? (
        <p className="notice bad" role="alert">
          <strong>{settings.error.code}.</strong> {settings.error.message}
        </p>
      ) : null}
    </>
  );
}

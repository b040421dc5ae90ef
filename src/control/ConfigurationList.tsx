import type { ConfigurationName, ConfigurationState } from '../emulator/index.ts';

/** A configuration's name as a key. */
export function nameOf({ application, environment, profile }: ConfigurationName): string {
  return JSON.stringify([application, environment, profile]);
}

/** Chooses among what is deployed. */
export function ConfigurationList({
  configurations,
  selected,
  onSelect,
}: {
  configurations: readonly ConfigurationState[];
  selected: string | undefined;
  onSelect: (name: string) => void;
}) {
  const groups = groupConfigurations(configurations);
  return (
    <nav aria-label="Configurations">
      {[...groups].map(([group, members]) => (
        <section key={group}>
          <h2>{group}</h2>
          <ul>
            {members.map((configuration) => {
              const name = nameOf(configuration);
              return (
                <li key={name}>
                  <button
                    type="button"
                    aria-current={name === selected ? 'true' : undefined}
                    onClick={() => onSelect(name)}
                  >
                    {configuration.profile}
                    {configuration.rollOut && (
                      <span className="badge">
                        {Math.round(configuration.rollOut.percentage)} %
                      </span>
                    )}
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function groupOf({ application, environment }: ConfigurationName): string {
  return `${application} / ${environment}`;
}

function groupConfigurations(configurations: readonly ConfigurationState[]) {
  const groups = new Map<string, ConfigurationState[]>();
  for (const configuration of configurations) {
    const group = groupOf(configuration);
    groups.set(group, [...(groups.get(group) ?? []), configuration]);
  }
  return groups;
}

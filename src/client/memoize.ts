/** Makes a member the first time that its name is asked for, and the same one ever after. */
export function perName<Member>(create: (name: string) => Member): (name: string) => Member {
  const members = new Map<string, Member>();
  return (name) => {
    let member = members.get(name);
    if (member === undefined) members.set(name, (member = create(name)));
    return member;
  };
}

/** The same for objects, of which nothing is kept alive. */
export function perObject<Owner extends object, Member>(
  create: (owner: Owner) => Member,
): (owner: Owner) => Member {
  const members = new WeakMap<Owner, Member>();
  return (owner) => {
    let member = members.get(owner);
    if (member === undefined) members.set(owner, (member = create(owner)));
    return member;
  };
}

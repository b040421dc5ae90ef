/** Makes a member the first time that its name is asked for, and the same one ever after: `members` has them all. */
export function perName<Member, Name = string>(
  create: (name: Name) => Member,
  members = new Map<Name, Member>(),
): (name: Name) => Member {
  return (name) => {
    let member = members.get(name);
    if (member === undefined) {
      member = create(name);
      members.set(name, member);
    }
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
    if (member === undefined) {
      member = create(owner);
      members.set(owner, member);
    }
    return member;
  };
}

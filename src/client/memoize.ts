/** What a Map and a WeakMap have in common. */
interface Members<Name, Member> {
  get(name: Name): Member | undefined;
  set(name: Name, member: Member): unknown;
}

/** Makes a member the first time that its name is asked for, and keeps it in `members`. */
export function perName<Member, Name = string>(
  create: (name: Name) => Member,
  members: Members<Name, Member> = new Map(),
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
  return perName(create, new WeakMap<Owner, Member>());
}

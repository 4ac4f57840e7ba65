/** Word lists of the TPC-H specification 3.0.1, section 4.2.2.13 and 4.2.3. */

const list = (text: string, separator: string | RegExp = /\s+/): readonly string[] => text.trim().split(separator);

export const COLORS = list(`almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished
  chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted
  gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta maroon
  medium metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder puff
  purple red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise
  violet wheat white yellow`);

export const SEGMENTS = list('AUTOMOBILE BUILDING FURNITURE HOUSEHOLD MACHINERY');
export const PRIORITIES = list('1-URGENT,2-HIGH,3-MEDIUM,4-NOT SPECIFIED,5-LOW', ',');
export const INSTRUCTIONS = list('DELIVER IN PERSON,COLLECT COD,NONE,TAKE BACK RETURN', ',');
export const MODES = list('REG AIR,AIR,RAIL,SHIP,TRUCK,MAIL,FOB', ',');
export const TYPE_SYLLABLES = [
  list('STANDARD SMALL MEDIUM LARGE ECONOMY PROMO'),
  list('ANODIZED BURNISHED PLATED POLISHED BRUSHED'),
  list('TIN NICKEL BRASS STEEL COPPER'),
] as const;
export const CONTAINER_SYLLABLES = [list('SM LG MED JUMBO WRAP'), list('CASE BOX BAG JAR PKG PACK CAN DRUM')] as const;

export const REGIONS = list('AFRICA,AMERICA,ASIA,EUROPE,MIDDLE EAST', ',');
/** Name and region of each nation, by nation key. */
export const NATIONS = list(
  `ALGERIA 0,ARGENTINA 1,BRAZIL 1,CANADA 1,EGYPT 4,ETHIOPIA 0,FRANCE 3,GERMANY 3,INDIA 2,INDONESIA 2,IRAN 4,IRAQ 4,JAPAN 2,
  JORDAN 4,KENYA 0,MOROCCO 0,MOZAMBIQUE 0,PERU 1,CHINA 2,ROMANIA 3,SAUDI ARABIA 4,VIETNAM 2,RUSSIA 3,UNITED KINGDOM 3,
  UNITED STATES 1`,
  /,\s*/,
).map((text) => ({ name: text.slice(0, -2), region: Number(text.at(-1)) }));

const NOUNS = list(
  `foxes,ideas,theodolites,pinto beans,instructions,dependencies,excuses,platelets,asymptotes,courts,dolphins,multipliers,
  sauternes,warthogs,frets,dinos,attainments,somas,Tiresias',patterns,forges,braids,hockey players,frays,warhorses,dugouts,
  notornis,epitaphs,pearls,tithes,waters,orbits,gifts,sheaves,depths,sentiments,decoys,realms,pains,grouches,escapades,
  packages,requests,accounts,deposits`,
  /,\s*/,
);
const VERBS = list(`sleep wake are cajole haggle nag use boost affix detect integrate maintain nod was lose sublate solve thrash
  promise engage hinder print x-ray breach eat grow impress mold poach serve run dazzle snooze doze unwind kindle play hang
  believe doubt`);
const ADJECTIVES = list(`furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring brave stealthy
  permanent enticing idle busy regular final ironic even bold silent special pending unusual express`);
const ADVERBS = list(`sometimes always never furiously slyly carefully blithely quickly fluffily slowly quietly ruthlessly thinly
  closely doggedly daringly bravely stealthily permanently enticingly idly busily regularly finally ironically evenly boldly
  silently`);
const PREPOSITIONS = list(
  'about,above,according to,across,after,against,along,alongside of,among,around,at,atop,before,behind,beneath,beside,besides,between,beyond,by,despite,during,except,for,from,in place of,inside,instead of,into,near,of,on,outside,over,past,since,through,throughout,to,toward,under,until,up,upon,without,with,within',
  ',',
);
const AUXILIARIES = list(
  'do,may,might,shall,will,would,can,could,should,ought to,must,will have to,shall have to,could have to,should have to,must have to,need to,try to',
  ',',
);
const TERMINATORS = list('. ; : ? ! --');

/** Sentences of the specification's grammar (4.2.2.14), the same for the same seed. */
export function sentences(count: number, seed: number): readonly string[] {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const one = (words: readonly string[]): string => words[below(words.length)] ?? '';
  const noun = (): string =>
    [
      `${one(NOUNS)}`,
      `${one(ADJECTIVES)} ${one(NOUNS)}`,
      `${one(ADJECTIVES)}, ${one(ADJECTIVES)} ${one(NOUNS)}`,
      `${one(ADVERBS)} ${one(ADJECTIVES)} ${one(NOUNS)}`,
    ][below(4)] ?? '';
  const verb = (): string =>
    [
      one(VERBS),
      `${one(AUXILIARIES)} ${one(VERBS)}`,
      `${one(VERBS)} ${one(ADVERBS)}`,
      `${one(AUXILIARIES)} ${one(VERBS)} ${one(ADVERBS)}`,
    ][below(4)] ?? '';
  const preposition = (): string => `${one(PREPOSITIONS)} the ${noun()}`;
  const forms = [
    () => `${noun()} ${verb()}`,
    () => `${noun()} ${verb()} ${preposition()}`,
    () => `${noun()} ${verb()} ${noun()}`,
    () => `${noun()} ${preposition()} ${verb()} ${noun()}`,
    () => `${noun()} ${preposition()} ${verb()} ${preposition()}`,
  ];
  return Array.from({ length: count }, () => `${forms[below(forms.length)]?.() ?? ''}${one(TERMINATORS)}`);
}

/**
 * A dossier with more links than this is an identifier that many people were given, not one person's: the number of a
 * call centre, a client number that stands for "none". No link of it counts, from whichever end one looks, and it is
 * nobody's but its own. It is all or nothing: which of a part of the links count would depend on which part was read.
 */
export const LINKS_MAX = 1_000;

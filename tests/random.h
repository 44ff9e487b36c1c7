#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

/* The same numbers on every run (Knuth's MMIX); a seed is the first state. */
static inline unsigned int random_below(unsigned long long *state,
					unsigned int below)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(*state >> 33) % below;
}

#endif

#ifndef _STANDIN_LINUX_BITOPS_H
#define _STANDIN_LINUX_BITOPS_H
/* Not atomic. */

#define standin_word(nr, map) \
	((unsigned long *)(map))[(nr) / (8 * sizeof(long))]
#define standin_bit(nr)		(1UL << (nr) % (8 * sizeof(long)))

#define test_bit(nr, map)	(!!(standin_word(nr, map) & standin_bit(nr)))
#define __set_bit(nr, map)	(standin_word(nr, map) |= standin_bit(nr))
#define __clear_bit(nr, map)	(standin_word(nr, map) &= ~standin_bit(nr))

#endif

/*
 * bits.h: one bit a number, in words that can be read and written while others do the same.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_BITS_H
#define FDF_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDF_LONG_BITS (8 * sizeof(unsigned long))

/* The member or variable `name` for the numbers 0 to n - 1; n: a multiple of FDF_LONG_BITS. */
#define FDF_BITS(name, n) unsigned long name[(n) / FDF_LONG_BITS]

static inline bool fdf_bit_get(const unsigned long *bits, int n)
{
	size_t at = (size_t)n;
	unsigned long word = __atomic_load_n(&bits[at / FDF_LONG_BITS], __ATOMIC_RELAXED);

	return word >> (at % FDF_LONG_BITS) & 1;
}

static inline void fdf_bit_set(unsigned long *bits, int n)
{
	size_t at = (size_t)n;

	if (!fdf_bit_get(bits, n)) /* else a page may be copied for nothing */
		__atomic_fetch_or(&bits[at / FDF_LONG_BITS], 1UL << (at % FDF_LONG_BITS),
				  __ATOMIC_RELAXED);
}

static inline void fdf_bit_clear(unsigned long *bits, int n)
{
	size_t at = (size_t)n;

	if (fdf_bit_get(bits, n))
		__atomic_fetch_and(&bits[at / FDF_LONG_BITS], ~(1UL << (at % FDF_LONG_BITS)),
				   __ATOMIC_RELAXED);
}

/* Is one of these eight bytes c? */
static inline bool fdf_has_byte(const char *eight, char c)
{
	const uint64_t ones = UINT64_MAX / UINT8_MAX;
	uint64_t x;

	__builtin_memcpy(&x, eight, sizeof x);
	x ^= ones * (unsigned char)c;
	return ((x - ones) & ~x & ones << 7) != 0;
}

#endif

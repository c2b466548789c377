/* hash.h: FNV-1a, which tells names apart and protects nothing.  Pure, async-signal-safe. */
#ifndef FDF_HASH_H
#define FDF_HASH_H

#include <stddef.h>
#include <stdint.h>

#define FDF_HASH_START	 0xcbf29ce484222325ull
#define FDF_HASH32_START 2166136261u
#define FDF_HASH32_PRIME 16777619u

/* h with size bytes more; it begins as FDF_HASH_START. */
static inline uint64_t fdf_hash(uint64_t h, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < size; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	return h;
}

/* The same in 32 bits; it begins as FDF_HASH32_START. */
static inline uint32_t fdf_hash32(uint32_t h, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < size; i++)
		h = (h ^ p[i]) * FDF_HASH32_PRIME;
	return h;
}

#endif

#pragma once

// Loops worth having for wider vectors as well. The build contracts no multiply-add, so that all versions give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MNI_KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define MNI_KERNEL
#endif

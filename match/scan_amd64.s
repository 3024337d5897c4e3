//go:build !purego

#include "textflag.h"

DATA lanes<>+0(SB)/8, $0x0000000100000000
DATA lanes<>+8(SB)/8, $0x0000000300000002
DATA lanes<>+16(SB)/8, $0x0000000500000004
DATA lanes<>+24(SB)/8, $0x0000000700000006
DATA lanes<>+32(SB)/8, $0x0000000900000008
DATA lanes<>+40(SB)/8, $0x0000000b0000000a
DATA lanes<>+48(SB)/8, $0x0000000d0000000c
DATA lanes<>+56(SB)/8, $0x0000000f0000000e
GLOBL lanes<>(SB), RODATA, $64

// SUMS loads up to 16 pairs from R11 on: their sums to Z1, which of them there are to K3.
// It goes to done when none is left. SI is at, DI cost, CX their length, DX p.
#define SUMS(full, done) \
	MOVQ CX, BX              \
	SUBQ R11, BX             \
	JLE  done                \
	CMPQ BX, $16             \
	JGE  full                \
	MOVL $-1, R12            \
	BZHIL BX, R12, R12       \
	KMOVW R12, K3            \
full:                        \
	VMOVDQU32.Z (SI)(R11*4), K3, Z0 \
	VMOVDQU32.Z (DI)(R11*4), K3, Z2 \
	KMOVW K3, K1             \
	VPXORD Z1, Z1, Z1        \
	VPGATHERDD (DX)(Z0*4), K1, Z1 \
	VPADDD Z2, Z1, Z1

// func belowWide(at, cost *int32, n int, p *int32, limit int32, value, index *int32) int
TEXT ·belowWide(SB), NOSPLIT, $0-64
	MOVQ at+0(FP), SI
	MOVQ cost+8(FP), DI
	MOVQ n+16(FP), CX
	MOVQ p+24(FP), DX
	MOVL limit+32(FP), AX
	MOVQ value+40(FP), R8
	MOVQ index+48(FP), R9
	VPBROADCASTD AX, Z5
	VMOVDQU32 lanes<>(SB), Z6 // index of each lane
	MOVL $16, AX
	VPBROADCASTD AX, Z7
	MOVL $0xffff, R12
	KMOVW R12, K3
	XORQ R10, R10 // found
	XORQ R11, R11 // position

next:
	SUMS(sums, done)
	VPCMPD $1, Z5, Z1, K3, K2 // Z1 < Z5
	VPCOMPRESSD.Z Z1, K2, Z3
	VPCOMPRESSD.Z Z6, K2, Z4
	VMOVDQU32 Z3, (R8)(R10*4)
	VMOVDQU32 Z4, (R9)(R10*4)
	KMOVW K2, BX
	POPCNTL BX, BX
	ADDQ BX, R10
	VPADDD Z7, Z6, Z6
	ADDQ $16, R11
	JMP next

done:
	VZEROUPPER
	MOVQ R10, ret+56(FP)
	RET

// LEAST leaves the smallest of the lanes of Z5 in AX, by MIN.
#define LEAST(MIN) \
	VEXTRACTI64X4 $1, Z5, Y10 \
	MIN Y5, Y10, Y10      \
	VEXTRACTI128 $1, Y10, X11 \
	MIN X10, X11, X10     \
	VPSHUFD $0x4e, X10, X11   \
	MIN X10, X11, X10     \
	VPSHUFD $0xb1, X10, X11   \
	MIN X10, X11, X10     \
	VMOVD X10, AX

// func bestWide(at, cost *int32, n int, p *int32, limit int32) (first, second int32, k int)
TEXT ·bestWide(SB), NOSPLIT, $0-56
	MOVQ at+0(FP), SI
	MOVQ cost+8(FP), DI
	MOVQ n+16(FP), CX
	MOVQ p+24(FP), DX
	MOVL limit+32(FP), AX
	VPBROADCASTD AX, Z5 // smallest of each lane
	VMOVDQA32 Z5, Z8    // second smallest
	MOVL $-1, AX
	VPBROADCASTD AX, Z9 // index of the smallest
	VMOVDQU32 lanes<>(SB), Z6
	MOVL $16, AX
	VPBROADCASTD AX, Z7
	MOVL $0xffff, R12
	KMOVW R12, K3
	XORQ R11, R11

next:
	SUMS(sums, done)
	VPCMPD $1, Z5, Z1, K3, K2
	VPMAXSD Z5, Z1, Z3
	VPMINSD Z3, Z8, K3, Z8
	VPMINSD Z1, Z5, K3, Z5
	VMOVDQA32 Z6, K2, Z9
	VPADDD Z7, Z6, Z6
	ADDQ $16, R11
	JMP next

done:
	LEAST(VPMINSD)
	MOVL AX, R8
	VPBROADCASTD AX, Z12
	VPCMPEQD Z12, Z5, K2
	VMOVDQA32 Z5, Z14
	VPTERNLOGD $0xff, Z5, Z5, Z5
	VMOVDQA32 Z9, K2, Z5 // of all that are as small, the first
	LEAST(VPMINUD)
	MOVLQSX AX, R9
	VPBROADCASTD AX, Z12
	VPCMPEQD Z12, Z9, K2, K4
	VMOVDQA32 Z14, Z5
	VMOVDQA32 Z8, K4, Z5 // there the second counts
	LEAST(VPMINSD)
	VZEROUPPER
	MOVL R8, first+40(FP)
	MOVL AX, second+44(FP)
	MOVQ R9, k+48(FP)
	RET

// func hasWide() bool
TEXT ·hasWide(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	XORL AX, AX
	CPUID
	CMPL AX, $7
	JLT no
	MOVL $1, AX
	CPUID
	BTL $27, CX // OSXSAVE
	JCC no
	XORL CX, CX
	XGETBV
	ANDL $0xe6, AX // XMM, YMM and the three states of AVX-512
	CMPL AX, $0xe6
	JNE no
	MOVL $7, AX
	XORL CX, CX
	CPUID
	ANDL $0x80010108, BX // AVX-512 VL and F, BMI 2 and 1
	CMPL BX, $0x80010108
	JNE no
	MOVB $1, ret+0(FP)
no:
	RET

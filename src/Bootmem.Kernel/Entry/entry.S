@ From the boot loader's hands to C#: MMU and caches on, VFP on, stack, bss cleared. Everything else is C#.
@ QEMU enters here in ARM state with r1 = machine number and r2 = physical address of the ATAGs or the device tree.

        .syntax unified
        .arch   armv7-a
        .fpu    vfpv3
        .arm

        .equ    SECTION_MEMORY, 0x1c0e          @ write-back, write-allocate; all may read, write and run it
        .equ    SECTION_DEVICE, 0x0c16          @ device memory, not to be run
        .equ    EARLY_SECTIONS, 16              @ MiB of RAM that are mapped before C# has read the memory map
        .equ    PAGE_OFFSET, 0xc0000000

        .section .head, "ax"
        .global _start
_start:
        .rept   8
        nop
        .endr
        b       enter
        .word   0x016f2818                      @ 0x24: the zImage magic, by which QEMU knows a Linux kernel
        .word   0                               @ 0x28: it runs wherever it is loaded
        .word   _edata - _start                 @ 0x2c: its size

@ Whoever starts the image may write the words up to 0x3c and the text at 0x7c; whoever wants the same log on a host reads the ranges behind them.
        .global image_header
image_header:
        .ascii  "BTMM"                          @ 0x30
        .word   0                               @ 0x34: which kernel, 0 (2.6.12) .. 10 (2.6.15)
        .word   0                               @ 0x38: flags, see ImageFlags
        .word   0                               @ 0x3c: how many bytes of the appended command line there are
        .word   _stext, _end, __init_begin, __init_end, _text, _etext, _sdata
        .word   appended, init_room, init_room_end, room, room_end, swapper_pg_dir, vectors, vectors_end
appended:
        .space  1024                            @ 0x7c: what is put behind the machine's command line

enter:
        cpsid   if, #0x13                       @ supervisor mode, no interrupts
        mov     r9, r1
        mov     r10, r2
        lsr     r4, pc, #16
        lsl     r4, r4, #16                     @ where the image really lies: it begins at a multiple of 64 KiB
        sub     r5, r4, #0x4000                 @ swapper_pg_dir: the 16 KiB below it, as every ARM kernel has it
        mov     r0, r5
        mov     r1, #0
1:      str     r1, [r0], #4
        cmp     r0, r4
        blo     1b

        ldr     r3, =SECTION_MEMORY
        lsr     r4, r4, #20
        orr     r0, r3, r4, lsl #20
        str     r0, [r5, r4, lsl #2]            @ the section that this code runs in, where it is now
        add     r1, r5, #(PAGE_OFFSET >> 18)    @ and RAM's first MiB at PAGE_OFFSET
        mov     r2, #EARLY_SECTIONS
2:      str     r0, [r1], #4
        add     r0, r0, #0x100000
        subs    r2, r2, #1
        bne     2b
        ldr     r0, =(0x10000000 | SECTION_DEVICE)
        str     r0, [r5, #(0x100 << 2)]         @ the motherboard's devices, so that faults can be told of from now on

        mov     r0, #0
        mcr     p15, 0, r0, c8, c7, 0           @ no old translations,
        mcr     p15, 0, r0, c7, c5, 0           @ instructions
        mcr     p15, 0, r0, c7, c5, 6           @ or branches
        mcr     p15, 0, r0, c2, c0, 2           @ one page directory for all addresses,
        orr     r0, r5, #0x48                   @ read through the caches
        mcr     p15, 0, r0, c2, c0, 0
        mov     r0, #1
        mcr     p15, 0, r0, c3, c0, 0           @ domain 0: as the entries say
        dsb
        mrc     p15, 0, r0, c1, c0, 0
        bic     r0, r0, #0x30000000             @ no TEX remap, no access flag
        bic     r0, r0, #0x2000                 @ vectors where VBAR says
        orr     r0, r0, #0x1800                 @ branch prediction, instruction cache
        orr     r0, r0, #0x5                    @ MMU, data cache
        ldr     r1, =run
        mcr     p15, 0, r0, c1, c0, 0
        isb
        bx      r1
        .ltorg

        .section .init.text, "ax"
run:
        ldr     sp, =stack_top
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          @ VBAR
        mrc     p15, 0, r0, c1, c0, 2           @ C# is compiled for hardware floating point
        orr     r0, r0, #0x00f00000
        mcr     p15, 0, r0, c1, c0, 2
        isb
        mov     r0, #0x40000000
        vmsr    fpexc, r0

        ldr     r0, =__bss_start
        ldr     r1, =_end
        mov     r2, #0
3:      cmp     r0, r1
        strlo   r2, [r0], #4
        blo     3b
        mov     r0, r9
        mov     r1, r10
        ldr     r2, =image_header
        ldr     ip, =kernel_main
        blx     ip                              @ Thumb-2 code: an interworking call
4:      wfi
        b       4b

        .bss
        .balign 8
stack:  .space  0x8000
stack_top:
        .balign 8
room:   .space  0x20000                         @ what a boot has to remember
room_end:

        .section .init.data, "aw"
        .balign 8
init_room:                                      @ and what it may forget: bootmem's own
        .space  0x800
init_room_end:

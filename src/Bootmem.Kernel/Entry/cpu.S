@ What C# cannot say: the processor's own registers, and the helpers that compiled C# calls by name.

        .syntax unified
        .arch   armv7-a
        .thumb

        .macro  function name
        .balign 4
        .global \name
        .thumb_func
\name:
        .endm

        .text

@ int cpu_count_leading_zeros(uint)
function cpu_count_leading_zeros
        clz     r0, r0
        bx      lr

@ 64-bit shifts: r0 low, r1 high, r2 count (0 .. 63). A shift by 32 or more in a register gives 0, so both halves are or-ed.
function RhpLLsh
        and     r2, r2, #63
        subs    r3, r2, #32
        rsb     ip, r2, #32
        itett   mi
        lslmi   r1, r1, r2
        lslpl   r1, r0, r3
        lsrmi   ip, r0, ip
        orrmi   r1, r1, ip
        lsl     r0, r0, r2
        bx      lr

function RhpLRsz
        and     r2, r2, #63
        subs    r3, r2, #32
        rsb     ip, r2, #32
        itett   mi
        lsrmi   r0, r0, r2
        lsrpl   r0, r1, r3
        lslmi   ip, r1, ip
        orrmi   r0, r0, ip
        lsr     r1, r1, r2
        bx      lr

function RhpLRsh
        and     r2, r2, #63
        subs    r3, r2, #32
        rsb     ip, r2, #32
        itett   mi
        lsrmi   r0, r0, r2
        asrpl   r0, r1, r3
        lslmi   ip, r1, ip
        orrmi   r0, r0, ip
        asr     r1, r1, r2
        bx      lr

@ 64-bit product, its low 64 bits.
function RhpLMul
        mul     r3, r0, r3
        mla     r3, r1, r2, r3
        umull   r0, r1, r0, r2
        add     r1, r1, r3
        bx      lr

function cpu_flush_tlb
        mov     r0, #0
        dsb
        mcr     p15, 0, r0, c8, c7, 0
        mcr     p15, 0, r0, c7, c5, 6
        dsb
        isb
        bx      lr

function cpu_synchronise
        dsb
        isb
        bx      lr

@ void cpu_use_directory(uint physical)
function cpu_use_directory
        orr     r0, r0, #0x48                   @ read through the caches
        dsb
        mcr     p15, 0, r0, c2, c0, 0
        isb
        b       cpu_flush_tlb

function cpu_use_high_vectors
        mov     r0, #0
        dsb
        mcr     p15, 0, r0, c7, c5, 0
        mrc     p15, 0, r0, c1, c0, 0
        orr     r0, r0, #0x2000
        mcr     p15, 0, r0, c1, c0, 0
        isb
        bx      lr

function cpu_data_fault_address
        mrc     p15, 0, r0, c6, c0, 0
        bx      lr

function cpu_data_fault_status
        mrc     p15, 0, r0, c5, c0, 0
        bx      lr

function cpu_wait
        wfi
        bx      lr

@ What goes wrong on purpose.
function cpu_undefined
        udf     #0

function cpu_call
        svc     #0
        bx      lr

@ void cpu_jump(uint address)
function cpu_jump
        bx      r0

@ Names that compiled C# mentions and never calls.
function RhpReversePInvoke
function RhpReversePInvokeReturn
function RhpFallbackFailFast
function __aeabi_unwind_cpp_pr0
function __aeabi_unwind_cpp_pr1
        udf     #0

@ Written below every fixed buffer on the stack, and compared when the method ends.
        .data
        .balign 4
        .global __security_cookie
__security_cookie:
        .word   0x9091a55a

@ The exception vectors. They are copied to a page of bootmem's, so each jumps by an absolute address.
        .section .init.text, "ax"
        .arm
        .balign 32
        .global vectors
        .global vectors_end
vectors:
        .rept   8
        ldr     pc, [pc, #24]
        .endr
        .word   vector_other, vector_undefined, vector_call, vector_prefetch
        .word   vector_data, vector_other, vector_other, vector_other
vectors_end:

        .section .text.exceptions, "ax"
@ The registers as they were go to C#, which prints them and does not come back. The stack is the exceptions' own.
        .macro  vector name, kind, back
vector_\name:
        ldr     sp, =exception_stack_top
        sub     sp, sp, #72
        stmia   sp, {r0-r12}
        sub     r2, lr, #\back
        mrs     r3, spsr
        str     r2, [sp, #60]
        str     r3, [sp, #64]
        mov     r0, #\kind
        b       vector_common
        .endm

        vector  other, 0, 4
        vector  undefined, 1, 4
        vector  call, 2, 4
        vector  prefetch, 3, 4
        vector  data, 4, 8

vector_common:
        mov     r1, sp
        cps     #0x13                           @ the code that was interrupted ran in supervisor mode
        str     sp, [r1, #52]
        str     lr, [r1, #56]
        mov     sp, r1
        ldr     ip, =kernel_exception
        blx     ip
1:      wfi
        b       1b
        .ltorg

        .bss
        .balign 8
        .space  0x1000
exception_stack_top:

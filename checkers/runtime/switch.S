// void racecourse_switch(void** save, void* stack_pointer, uint64_t fs_base)
// Ends in a jump and not in `ret`: the return predictor would guess wrong on every switch.
        .text
        .globl  racecourse_switch
        .type   racecourse_switch, @function
racecourse_switch:
        .cfi_startproc
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        wrfsbase %rdx
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        popq    %rcx
        jmp     *%rcx
        .cfi_endproc
        .size   racecourse_switch, .-racecourse_switch

        .globl  racecourse_fiber_entry
        .type   racecourse_fiber_entry, @function
racecourse_fiber_entry:
        .cfi_startproc
        .cfi_undefined rip
        call    racecourse_fiber_main
        ud2
        .cfi_endproc
        .size   racecourse_fiber_entry, .-racecourse_fiber_entry
        .section .note.GNU-stack, "", @progbits

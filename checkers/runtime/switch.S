// void racecourse_switch(void** save, void* stack_pointer, uint64_t fs_base)
// The processor predicts that a `ret` goes back to the latest `call`. Between threads that stand at the same place, most
// often two that run the same code, it does, and so do the returns that follow: the predictor knows the callers of the
// one, which are those of the other. Between others it would guess wrong, and a jump does better.
        .text
        .globl  racecourse_switch
        .type   racecourse_switch, @function
racecourse_switch:
        .cfi_startproc
        movq    (%rsp), %rax
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
        cmpq    %rax, (%rsp)
        jne     1f
        ret
1:      popq    %rcx
        jmp     *%rcx
        .cfi_endproc
        .size   racecourse_switch, .-racecourse_switch

// Makes no `call`, for there will be no `ret` from it.
        .globl  racecourse_fiber_entry
        .type   racecourse_fiber_entry, @function
racecourse_fiber_entry:
        .cfi_startproc
        .cfi_undefined rip
        leaq    1f(%rip), %rax
        pushq   %rax
        jmp     racecourse_fiber_main
1:      ud2
        .cfi_endproc
        .size   racecourse_fiber_entry, .-racecourse_fiber_entry

// A thread that has ended leaves here, with all its calls returned: the latest `call` is one of the thread that ran before
// it. Where that one goes on, its `ret` and those that follow are predicted.
        .globl  racecourse_go_on
        .type   racecourse_go_on, @function
racecourse_go_on:
        .cfi_startproc
        .cfi_undefined rip
        movq    %rax, %rsp
        wrfsbase %rdx
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        leaq    racecourse_fiber_entry(%rip), %rcx
        cmpq    %rcx, (%rsp)
        je      2f
        ret
2:      popq    %rcx
        jmp     *%rcx
        .cfi_endproc
        .size   racecourse_go_on, .-racecourse_go_on
        .section .note.GNU-stack, "", @progbits

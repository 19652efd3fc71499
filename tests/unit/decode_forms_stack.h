/* SPDX-License-Identifier: MIT */
/* Forms of instructions: the stack, transfers of control, strings, and saved state.
 * Rows of X(text, what decode_text.h says of it at 0x1000 with fs at 0x700000). */
#ifndef HV_TEST_DECODE_FORMS_STACK_H
#define HV_TEST_DECODE_FORMS_STACK_H

#define DECODE_FORMS_STACK(X)                                                          \
    /* the stack */                                                                    \
    X("push rax", "W8[rsp-8] | m0:8=rax.0 rsp.0:8=0")                                  \
    X("push r9", "W8[rsp-8] | m0:8=r9.0 rsp.0:8=0")                                    \
    X("push dx", "W2[rsp-2] | m0:2=rdx.0 rsp.0:8=0")                                   \
    X("push 5", "W8[rsp-8] | rsp.0:8=0")                                               \
    X("push rsp", "W8[rsp-8] | m0:8=rsp.0 rsp.0:8=0")                                  \
    X("push qword ptr [rbx]", "R8[rbx] W8[rsp-8] | tmp.0:8=m0 m1:8=tmp.0 rsp.0:8=0")   \
    X("push qword ptr [rsp + 8]",                                                      \
      "R8[rsp+8] W8[rsp-8] | tmp.0:8=m0 m1:8=tmp.0 rsp.0:8=0")                         \
    X("push word ptr [rbx]", "R2[rbx] W2[rsp-2] | tmp.0:2=m0 m1:2=tmp.0 rsp.0:8=0")    \
    X("push fs", "W8[rsp-8] | rsp.0:8=0")                                              \
    X("pop rax", "R8[rsp] | rsp.0:8=0 rax.0:8=m0")                                     \
    X("pop r9", "R8[rsp] | rsp.0:8=0 r9.0:8=m0")                                       \
    X("pop dx", "R2[rsp] | rsp.0:8=0 rdx.0:2=m0")                                      \
    X("pop rsp", "R8[rsp] | rsp.0:8=0 rsp.0:8=m0")                                     \
    X("pop qword ptr [rbx]", "R8[rsp] W8[rbx] | rsp.0:8=0 tmp.0:8=m0 m1:8=tmp.0")      \
    X("pop qword ptr [rsp + 8]",                                                       \
      "R8[rsp] W8[rsp+16] | rsp.0:8=0 tmp.0:8=m0 m1:8=tmp.0")                          \
    X("pop qword ptr [rsp + rcx*2]",                                                   \
      "R8[rsp] W8[rsp+rcx*2+8] | rsp.0:8=0 tmp.0:8=m0 m1:8=tmp.0")                     \
    X("pop word ptr [rsp + 8]",                                                        \
      "R2[rsp] W2[rsp+10] | rsp.0:8=0 tmp.0:2=m0 m1:2=tmp.0")                          \
    X("pop fs", "unsupported R8[rsp] | rsp.0:8=0")                                     \
    X("pushfq", "W8[rsp-8] | rsp.0:8=0")                                               \
    X("popfq", "R8[rsp] | rsp.0:8=0")                                                  \
    X("leave", "R8[rbp] | rbp.0:8=0 rsp.0:8=0 rbp.0:8=m0")                             \
    X("enter 16, 0", "unsupported | rbp.0:8=0 rsp.0:8=0")                              \
    /* transfers */                                                                    \
    X("call rax", "call W8[rsp-8] | rsp.0:8=0")                                        \
    X("call qword ptr [rbx]", "call R8[rbx] W8[rsp-8] | rsp.0:8=0")                    \
    X("call qword ptr [rsp + 8]", "call R8[rsp+8] W8[rsp-8] | rsp.0:8=0")              \
    X(".byte 0xe8, 1, 0, 0, 0", "call W8[rsp-8] | rsp.0:8=0")                          \
    X(".byte 0x67, 0xe8, 1, 0, 0, 0", "call W8[rsp-8] | rsp.0:8=0")                    \
    X(".byte 0x66, 0x66, 0x48, 0xe8, 1, 0, 0, 0", "call W8[rsp-8] | rsp.0:8=0")        \
    X(".byte 0x66, 0xe8, 1, 0, 0, 0", "call unsupported W8[rsp-8] | rsp.0:8=0")        \
    X("ret", "ret R8[rsp] | rsp.0:8=0")                                                \
    X("ret 8", "ret R8[rsp] | rsp.0:8=0")                                              \
    X(".byte 0xf3, 0xc3", "ret R8[rsp] | rsp.0:8=0")                                   \
    X(".byte 0xeb, 0x20", "branch |")                                                  \
    X("jmp rax", "branch |")                                                           \
    X("jmp qword ptr [rbx + rcx*8]", "branch R8[rbx+rcx*8] |")                         \
    X(".byte 0x0f, 0x85, 0x20, 0, 0, 0", "branch |")                                   \
    X(".byte 0xe2, 0xfe", "branch | rcx.0:8=0")                                        \
    X(".byte 0xe3, 0xfe", "branch |")                                                  \
    X("syscall", "syscall | rcx.0:8=0 r11.0:8=0 rax.0:8=0")                            \
    X("int3", "unsupported |")                                                         \
    X("int 0x80", "unsupported |")                                                     \
    X("ud2", "unsupported |")                                                          \
    X("hlt", "unsupported |")                                                          \
    X("iretq", "ret unsupported | rsp.0:8=0")                                          \
    X(".byte 0xcb", "ret unsupported R8[rsp] | rsp.0:8=0")                             \
    X(".byte 0xc7, 0xf8, 0, 0, 0, 0", "branch unsupported | rax.0:8=0")                \
    X("wrfsbase rax", "unsupported |")                                                 \
    X("mov fs, eax", "unsupported |")                                                  \
    /* strings */                                                                      \
    X("movsb", "R1[rsi] W1[rdi] | tmp.0:1=m0 m1:1=tmp.0 rsi.0:8=0 rdi.0:8=0")          \
    X("movsw", "R2[rsi] W2[rdi] | tmp.0:2=m0 m1:2=tmp.0 rsi.0:8=0 rdi.0:8=0")          \
    X("movsd", "R4[rsi] W4[rdi] | tmp.0:4=m0 m1:4=tmp.0 rsi.0:8=0 rdi.0:8=0")          \
    X("movsq", "R8[rsi] W8[rdi] | tmp.0:8=m0 m1:8=tmp.0 rsi.0:8=0 rdi.0:8=0")          \
    X(".byte 0x64, 0x48, 0xa5",                                                        \
      "R8[rsi+7340032] W8[rdi] | tmp.0:8=m0 m1:8=tmp.0 rsi.0:8=0 rdi.0:8=0")           \
    X(".byte 0x65, 0x48, 0xa5", "unsupported | rdi.0:8=0 rsi.0:8=0")                   \
    X(".byte 0x67, 0x48, 0xa5", "unsupported | rdi.0:8=0 rsi.0:8=0")                   \
    X("rep movsb", "rep R1[rsi] W1[rdi] | m1:=m0 rcx.0:8=0 rsi.0:8=0 rdi.0:8=0")       \
    X("rep movsq", "rep R8[rsi] W8[rdi] | m1:=m0 rcx.0:8=0 rsi.0:8=0 rdi.0:8=0")       \
    X(".byte 0xf2, 0xa4",                                                              \
      "rep R1[rsi] W1[rdi] | m1:=m0 rcx.0:8=0 rsi.0:8=0 rdi.0:8=0")                    \
    X("stosb", "W1[rdi] | m0:1=rax.0 rdi.0:8=0")                                       \
    X("stosw", "W2[rdi] | m0:2=rax.0 rdi.0:8=0")                                       \
    X("stosd", "W4[rdi] | m0:4=rax.0 rdi.0:8=0")                                       \
    X("stosq", "W8[rdi] | m0:8=rax.0 rdi.0:8=0")                                       \
    X("rep stosb", "rep W1[rdi] | rcx.0:8=0 rdi.0:8=0")                                \
    X("rep stosq", "rep W8[rdi] | rcx.0:8=0 rdi.0:8=0")                                \
    X("lodsb", "R1[rsi] | rax.0:1=m0 rsi.0:8=0")                                       \
    X("lodsw", "R2[rsi] | rax.0:2=m0 rsi.0:8=0")                                       \
    X("lodsd", "R4[rsi] | rax.0:4=m0 rax.4:4=0 rsi.0:8=0")                             \
    X("lodsq", "R8[rsi] | rax.0:8=m0 rsi.0:8=0")                                       \
    X("rep lodsb", "rep R1[rsi] | rax.0:1=0 rcx.0:8=0 rsi.0:8=0")                      \
    X("rep lodsd", "rep R4[rsi] | rax.0:8=0 rcx.0:8=0 rsi.0:8=0")                      \
    X("cmpsb", "R1[rsi] R1[rdi] | rsi.0:8=0 rdi.0:8=0")                                \
    X("repe cmpsb", "rep R1[rsi] R1[rdi] | rcx.0:8=0 rsi.0:8=0 rdi.0:8=0")             \
    X("repne cmpsq", "rep R8[rsi] R8[rdi] | rcx.0:8=0 rsi.0:8=0 rdi.0:8=0")            \
    X("scasb", "R1[rdi] | rdi.0:8=0")                                                  \
    X("scasd", "R4[rdi] | rdi.0:8=0")                                                  \
    X("repne scasb", "rep R1[rdi] | rcx.0:8=0 rdi.0:8=0")                              \
    X("repe scasq", "rep R8[rdi] | rcx.0:8=0 rdi.0:8=0")                               \
    /* state */                                                                        \
    X("xsave [rbx]", "unsupported |")                                                  \
    X("xsavec [rbx]", "unsupported |")                                                 \
    X("xrstor [rbx]", "unsupported | k0.0:64=0 mm0.0:64=0 v0.0:2048=0")                \
    X("xrstor64 [rbx]", "unsupported | k0.0:64=0 mm0.0:64=0 v0.0:2048=0")              \
    X("xrstors [rbx]", "unsupported | k0.0:64=0 mm0.0:64=0 v0.0:2048=0")               \
    X("xrstors64 [rbx]", "unsupported | k0.0:64=0 mm0.0:64=0 v0.0:2048=0")             \
    X("fxsave [rbx]", "unsupported |")                                                 \
    X("fxrstor [rbx]", "unsupported | k0.0:64=0 mm0.0:64=0 v0.0:2048=0")               \
    X("fxrstor64 [rbx]", "unsupported | k0.0:64=0 mm0.0:64=0 v0.0:2048=0")             \
    X("ldmxcsr [rbx]", "R4[rbx] |")                                                    \
    X("stmxcsr [rbx]", "W4[rbx] |")                                                    \
    X("fld dword ptr [rbx]", "R4[rbx] | mm0.0:64=0")                                   \
    X("fld tbyte ptr [rbx]", "R10[rbx] | mm0.0:64=0")                                  \
    X("fild qword ptr [rbx]", "R8[rbx] | mm0.0:64=0")                                  \
    X("fstp tbyte ptr [rbx]", "W10[rbx] |")                                            \
    X("fst qword ptr [rbx]", "W8[rbx] |")                                              \
    X("fistp word ptr [rbx]", "W2[rbx] |")                                             \
    X("fadd dword ptr [rbx]", "R4[rbx] | mm0.0:64=0")                                  \
    X("fxch st(1)", "| mm0.0:64=0")                                                    \
    X("fnstcw [rbx]", "W2[rbx] |")                                                     \
    X("fldcw [rbx]", "R2[rbx] |")                                                      \
    X("fnstenv [rbx]", "W28[rbx] |")                                                   \
    X("fldenv [rbx]", "R28[rbx] |")                                                    \
    X("fnsave [rbx]", "W108[rbx] |")                                                   \
    X("frstor [rbx]", "R108[rbx] | mm0.0:64=0")                                        \
    X("emms", "|")

#endif

/* SPDX-License-Identifier: MIT */
/* Forms of instructions: general registers. Rows of X(text, what decode_text.h
 * says of it at 0x1000 with fs at 0x700000). */
#ifndef HV_TEST_DECODE_FORMS_GENERAL_H
#define HV_TEST_DECODE_FORMS_GENERAL_H

#define DECODE_FORMS_GENERAL(X)                                                        \
    /* moves of general registers */                                                   \
    X("mov rax, rdx", "| rax.0:8=rdx.0")                                               \
    X("mov r8, r15", "| r8.0:8=r15.0")                                                 \
    X("mov eax, edx", "| rax.0:4=rdx.0 rax.4:4=0")                                     \
    X("mov ax, dx", "| rax.0:2=rdx.0")                                                 \
    X("mov al, dl", "| rax.0:1=rdx.0")                                                 \
    X("mov ah, dl", "| rax.1:1=rdx.0")                                                 \
    X("mov dl, ah", "| rdx.0:1=rax.1")                                                 \
    X("mov sil, r8b", "| rsi.0:1=r8.0")                                                \
    X("mov rax, [rbx]", "R8[rbx] | rax.0:8=m0")                                        \
    X("mov eax, [rbx + 8]", "R4[rbx+8] | rax.0:4=m0 rax.4:4=0")                        \
    X("mov ax, [rbx + rcx*2 - 4]", "R2[rbx+rcx*2-4] | rax.0:2=m0")                     \
    X("mov al, [rbx + rcx*8 + 0x100]", "R1[rbx+rcx*8+256] | rax.0:1=m0")               \
    X("mov ah, [rbx]", "R1[rbx] | rax.1:1=m0")                                         \
    X("mov r9d, [r12 + r13]", "R4[r12+r13*1] | r9.0:4=m0 r9.4:4=0")                    \
    X("mov rax, [rsp + 8]", "R8[rsp+8] | rax.0:8=m0")                                  \
    X("mov rax, [rbp - 16]", "R8[rbp-16] | rax.0:8=m0")                                \
    X("mov rax, [rcx*8 + 16]", "R8[rcx*8+16] | rax.0:8=m0")                            \
    X("mov [rbx], rax", "W8[rbx] | m0:8=rax.0")                                        \
    X("mov [rbx], edx", "W4[rbx] | m0:4=rdx.0")                                        \
    X("mov [rbx], dx", "W2[rbx] | m0:2=rdx.0")                                         \
    X("mov [rbx], dl", "W1[rbx] | m0:1=rdx.0")                                         \
    X("mov [rbx], ah", "W1[rbx] | m0:1=rax.1")                                         \
    X("mov qword ptr [rbx], 5", "W8[rbx] |")                                           \
    X("mov byte ptr [rbx + rcx], 5", "W1[rbx+rcx*1] |")                                \
    X("mov eax, 5", "| rax.0:8=0")                                                     \
    X("movabs rax, 0x1122334455667788", "| rax.0:8=0")                                 \
    X("mov rax, [rip + 0x10]", "R8[0x1017] | rax.0:8=m0")                              \
    X("mov [rip - 0x10], edx", "W4[0xff6] | m0:4=rdx.0")                               \
    X("mov dword ptr [rip + 0x20], 7", "W4[0x102a] |")                                 \
    X("movabs rax, [0x1122334455667788]", "R8[0x1122334455667788] | rax.0:8=m0")       \
    X("movabs [0x1122334455667788], al", "W1[0x1122334455667788] | m0:1=rax.0")        \
    X("mov rax, fs:[0x28]", "R8[0x700028] | rax.0:8=m0")                               \
    X("mov fs:[rbx + 8], rdx", "W8[rbx+7340040] | m0:8=rdx.0")                         \
    X("add qword ptr fs:[0x30], 1", "R8[0x700030] W8[0x700030] |")                     \
    X("mov rax, gs:[0x28]", "unsupported | rax.0:8=0")                                 \
    X("mov eax, [ebx + 4]", "unsupported | rax.0:8=0")                                 \
    X(".byte 0x67, 0x8b, 0x04, 0x25, 0, 0, 0, 0x80", "unsupported | rax.0:8=0")        \
    X("mov rbx, [rbx + rbx*8]", "R8[rbx+rbx*8] | rbx.0:8=m0")                          \
    X("movzx eax, byte ptr [rbx]", "R1[rbx] | rax.0:1=m0 rax.1:7=0")                   \
    X("movzx eax, dl", "| rax.0:1=rdx.0 rax.1:7=0")                                    \
    X("movzx eax, ah", "| rax.0:1=rax.1 rax.1:7=0")                                    \
    X("movzx rax, word ptr [rbx]", "R2[rbx] | rax.0:2=m0 rax.2:6=0")                   \
    X("movzx ax, dl", "| rax.0:1=rdx.0 rax.1:1=0")                                     \
    X("movsx eax, byte ptr [rbx]", "R1[rbx] | rax.0:1=m0 rax.1:7=0")                   \
    X("movsx rax, dx", "| rax.0:2=rdx.0 rax.2:6=0")                                    \
    X("movsxd rax, edx", "| rax.0:4=rdx.0 rax.4:4=0")                                  \
    X("movsxd rax, dword ptr [rbx]", "R4[rbx] | rax.0:4=m0 rax.4:4=0")                 \
    X("movnti [rbx], rax", "W8[rbx],nt | m0:8=rax.0")                                  \
    X("movnti [rbx], edx", "W4[rbx],nt | m0:4=rdx.0")                                  \
    X("movdiri [rbx], edx", "W4[rbx],nt | m0:4=rdx.0")                                 \
    X("mov eax, ds", "| rax.0:8=0")                                                    \
    X("mov [rbx], ds", "W2[rbx] |")                                                    \
    /* exchanges */                                                                    \
    X("xchg rax, rdx", "| tmp.0:8=rdx.0 rdx.0:8=rax.0 rax.0:8=tmp.0")                  \
    X("xchg eax, edx",                                                                 \
      "| tmp.0:4=rdx.0 rdx.0:4=rax.0 rdx.4:4=0 rax.0:4=tmp.0 rax.4:4=0")               \
    X("xchg ax, dx", "| tmp.0:2=rdx.0 rdx.0:2=rax.0 rax.0:2=tmp.0")                    \
    X(".byte 0x86, 0xe0", "| tmp.0:1=rax.0 rax.0:1=rax.1 rax.1:1=tmp.0")               \
    X("xchg eax, eax", "| tmp.0:4=rax.0 rax.4:4=0 rax.0:4=tmp.0")                      \
    X("xchg [rbx], rax", "R8[rbx] W8[rbx] | tmp.0:8=m0 m1:8=rax.0 rax.0:8=tmp.0")      \
    X("xchg [rbx], eax",                                                               \
      "R4[rbx] W4[rbx] | tmp.0:4=m0 m1:4=rax.0 rax.0:4=tmp.0 rax.4:4=0")               \
    X("xchg [rbx], dl", "R1[rbx] W1[rbx] | tmp.0:1=m0 m1:1=rdx.0 rdx.0:1=tmp.0")       \
    X(".byte 0xf3, 0x41, 0x90",                                                        \
      "| tmp.0:4=r8.0 r8.0:4=rax.0 r8.4:4=0 rax.0:4=tmp.0 rax.4:4=0")                  \
    X(".byte 0xf3, 0x49, 0x90", "| tmp.0:8=r8.0 r8.0:8=rax.0 rax.0:8=tmp.0")           \
    X(".byte 0x41, 0x90",                                                              \
      "| tmp.0:4=r8.0 r8.0:4=rax.0 r8.4:4=0 rax.0:4=tmp.0 rax.4:4=0")                  \
    X("lock xadd [rbx], rax", "R8[rbx] W8[rbx] | rax.0:8=0")                           \
    X("xadd rax, rdx", "| rax.0:8=0 rdx.0:8=0")                                        \
    X("lock cmpxchg [rbx], rdx", "R8[rbx] W8[rbx] | rax.0:8=0")                        \
    X("cmpxchg esi, edx", "| rsi.0:8=0 rax.0:8=0")                                     \
    X("lock cmpxchg16b [rbx]", "R16[rbx] W16[rbx] | rdx.0:8=0 rax.0:8=0")              \
    X("cmpxchg8b [rbx]", "R8[rbx] W8[rbx] | rdx.0:8=0 rax.0:8=0")                      \
    /* computing */                                                                    \
    X("cmovne rax, [rbx]", "R8[rbx] | rax.0:8=0")                                      \
    X("cmovne eax, edx", "| rax.0:8=0")                                                \
    X("lea rax, [rbx + rcx*4 + 5]", "| rax.0:8=0")                                     \
    X("lea rax, [rip + 5]", "| rax.0:8=0")                                             \
    X("lea eax, [ebx + 5]", "| rax.0:8=0")                                             \
    X("xor eax, eax", "| rax.0:8=0")                                                   \
    X("add rax, rdx", "| rax.0:8=0")                                                   \
    X("add al, dl", "| rax.0:1=0")                                                     \
    X("add ah, dl", "| rax.1:1=0")                                                     \
    X("add ax, [rbx]", "R2[rbx] | rax.0:2=0")                                          \
    X("add rax, [rbx]", "R8[rbx] | rax.0:8=0")                                         \
    X("add [rbx], rax", "R8[rbx] W8[rbx] |")                                           \
    X("lock add [rbx], edx", "R4[rbx] W4[rbx] |")                                      \
    X("sub byte ptr [rbx], 1", "R1[rbx] W1[rbx] |")                                    \
    X("adc rax, rdx", "| rax.0:8=0")                                                   \
    X("cmp [rbx], rax", "R8[rbx] |")                                                   \
    X("test byte ptr [rbx], 4", "R1[rbx] |")                                           \
    X("inc byte ptr [rbx]", "R1[rbx] W1[rbx] |")                                       \
    X("not qword ptr [rbx]", "R8[rbx] W8[rbx] |")                                      \
    X("neg edx", "| rdx.0:8=0")                                                        \
    X("imul rax, [rbx], 5", "R8[rbx] | rax.0:8=0")                                     \
    X("mul qword ptr [rbx]", "R8[rbx] | rax.0:8=0 rdx.0:8=0")                          \
    X("mul dl", "| rax.0:2=0")                                                         \
    X("shl dword ptr [rbx], cl", "R4[rbx] W4[rbx] |")                                  \
    X("shld rax, rdx, 4", "| rax.0:8=0")                                               \
    X("rol rax, 8", "| rax.0:8=0")                                                     \
    X("bswap rax", "| rax.0:8=0")                                                      \
    X("bswap eax", "| rax.0:8=0")                                                      \
    X("movbe rax, [rbx]", "R8[rbx] | rax.0:8=0")                                       \
    X("movbe [rbx], eax", "W4[rbx] |")                                                 \
    X("sete al", "| rax.0:1=0")                                                        \
    X("sete [rbx]", "W1[rbx] |")                                                       \
    X("bsf rax, rdx", "| rax.0:8=0")                                                   \
    X("popcnt eax, [rbx]", "R4[rbx] | rax.0:8=0")                                      \
    X("andn rax, rdx, [rbx]", "R8[rbx] | rax.0:8=0")                                   \
    X("mulx rax, rsi, rdx", "| rax.0:8=0 rsi.0:8=0")                                   \
    X("pdep rax, rdx, [rbx]", "R8[rbx] | rax.0:8=0")                                   \
    X("rorx eax, [rbx], 3", "R4[rbx] | rax.0:8=0")                                     \
    X("crc32 rax, byte ptr [rbx]", "R1[rbx] | rax.0:8=0")                              \
    X("bt qword ptr [rbx], 5", "R8[rbx] |")                                            \
    X("bts dword ptr [rbx], 5", "R4[rbx] W4[rbx] |")                                   \
    X("bts rdx, rcx", "| rdx.0:8=0")                                                   \
    X("bts [rbx], ecx", "unsupported |")                                               \
    X("bt [rbx], rcx", "unsupported |")                                                \
    X("cdqe", "| rax.0:8=0")                                                           \
    X("cqo", "| rdx.0:8=0")                                                            \
    X("cpuid", "| rax.0:8=0 rbx.0:8=0 rcx.0:8=0 rdx.0:8=0")                            \
    X("rdtsc", "| rax.0:8=0 rdx.0:8=0")                                                \
    X("lahf", "| rax.1:1=0")                                                           \
    X("xlatb", "unsupported | rax.0:1=0")                                              \
    /* nothing is read or written */                                                   \
    X("nop dword ptr [rbx]", "|")                                                      \
    X("prefetcht0 [rbx]", "|")                                                         \
    X("prefetchw [rbx]", "|")                                                          \
    X("clflush [rbx]", "|")                                                            \
    X("clflushopt [rbx]", "|")                                                         \
    X("clwb [rbx]", "|")                                                               \
    X("pause", "|")                                                                    \
    X("endbr64", "|")                                                                  \
    X("lfence", "|")

#endif

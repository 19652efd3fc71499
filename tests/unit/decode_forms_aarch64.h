/* SPDX-License-Identifier: MIT */
/* Forms of A64 instructions. Rows of X(text, what decode_text.h says of it at 0x1000).
 */
#ifndef HV_TEST_DECODE_FORMS_AARCH64_H
#define HV_TEST_DECODE_FORMS_AARCH64_H

#define A64_SINGLE(X)                                                                  \
    X("ldr x0, [x1]", "R8[x1] | x0.0:8=m0")                                            \
    X("ldr x0, [x1, #8]!", "R8[x1+8] | x0.0:8=m0 x1.0:8=0")                            \
    X("ldr x0, [x1], #-8", "R8[x1] | x0.0:8=m0 x1.0:8=0")                              \
    X("ldr x0, [sp, #32760]", "R8[sp+32760] | x0.0:8=m0")                              \
    X("ldr w0, [x1, #4]", "R4[x1+4] | x0.0:4=m0 x0.4:4=0")                             \
    X("ldrb w0, [x1, #1]", "R1[x1+1] | x0.0:1=m0 x0.1:7=0")                            \
    X("ldrh w0, [x1, #2]", "R2[x1+2] | x0.0:2=m0 x0.2:6=0")                            \
    X("ldrsb x0, [x1]", "R1[x1] | x0.0:1=m0 x0.1:7=0")                                 \
    X("ldrsb w0, [x1]", "R1[x1] | x0.0:1=m0 x0.1:7=0")                                 \
    X("ldrsh w0, [x1, #-2]!", "R2[x1-2] | x0.0:2=m0 x0.2:6=0 x1.0:8=0")                \
    X("ldrsw x0, [x1, #4]", "R4[x1+4] | x0.0:4=m0 x0.4:4=0")                           \
    X("ldr xzr, [x1]", "R8[x1] |")                                                     \
    X("str x0, [x1, #8]", "W8[x1+8] | m0:8=x0.0")                                      \
    X("str w0, [x1], #4", "W4[x1] | m0:4=x0.0 x1.0:8=0")                               \
    X("strb w0, [x1]", "W1[x1] | m0:1=x0.0")                                           \
    X("strh wzr, [x1, #6]", "W2[x1+6] |")                                              \
    X("str xzr, [sp, #-16]!", "W8[sp-16] |")                                           \
    X("ldur x0, [x1, #-3]", "R8[x1-3] | x0.0:8=m0")                                    \
    X("stur w0, [x1, #255]", "W4[x1+255] | m0:4=x0.0")                                 \
    X("ldursw x0, [x1, #-4]", "R4[x1-4] | x0.0:4=m0 x0.4:4=0")                         \
    X("ldtr x0, [x1, #8]", "R8[x1+8] | x0.0:8=m0")                                     \
    X("sttrb w0, [x1]", "W1[x1] | m0:1=x0.0")                                          \
    X("ldr x0, [x1, x2]", "R8[x1+x2*1] | x0.0:8=m0")                                   \
    X("ldr x0, [x1, x2, lsl #3]", "R8[x1+x2*8] | x0.0:8=m0")                           \
    X("ldr w0, [x1, w2, uxtw #2]", "R4[x1+x2.uxtw*4] | x0.0:4=m0 x0.4:4=0")            \
    X("ldrsh x0, [x1, w2, sxtw #1]", "R2[x1+x2.sxtw*2] | x0.0:2=m0 x0.2:6=0")          \
    X("ldrb w0, [x1, x2, sxtx]", "R1[x1+x2*1] | x0.0:1=m0 x0.1:7=0")                   \
    X("str x0, [sp, w3, sxtw]", "W8[sp+x3.sxtw*1] | m0:8=x0.0")                        \
    X("ldr x0, [x1, xzr]", "R8[x1] | x0.0:8=m0")                                       \
    X("ldr x0, .+16", "R8[0x1010] | x0.0:8=m0")                                        \
    X("ldr w0, .-16", "R4[0xff0] | x0.0:4=m0 x0.4:4=0")                                \
    X("ldrsw x0, .+8", "R4[0x1008] | x0.0:4=m0 x0.4:4=0")                              \
    X("ldr d0, .+8", "v8 R8[0x1008] | v0.0:8=m0 v0.8:8=0")                             \
    X("ldr q3, .+32", "v16 R16[0x1020] | v3.0:16=m0")                                  \
    X("prfm pldl1keep, [x1]", "|")                                                     \
    X("prfm pldl1keep, [x1, x2]", "|")                                                 \
    X("prfm pldl1keep, .+8", "|")                                                      \
    X("prfum pldl1keep, [x1, #-8]", "|")                                               \
    X("ldr b0, [x1]", "v8 R1[x1] | v0.0:1=m0 v0.1:15=0")                               \
    X("ldr h0, [x1, #2]", "v8 R2[x1+2] | v0.0:2=m0 v0.2:14=0")                         \
    X("ldr s0, [x1], #4", "v8 R4[x1] | v0.0:4=m0 v0.4:12=0 x1.0:8=0")                  \
    X("ldr d31, [x1, #8]", "v8 R8[x1+8] | v31.0:8=m0 v31.8:8=0")                       \
    X("ldr q0, [x1, #16]", "v16 R16[x1+16] | v0.0:16=m0")                              \
    X("ldur q0, [x1, #-16]", "v16 R16[x1-16] | v0.0:16=m0")                            \
    X("ldr q0, [x1, x2, lsl #4]", "v16 R16[x1+x2*16] | v0.0:16=m0")                    \
    X("str q0, [x1, #16]!", "v16 W16[x1+16] | m0:16=v0.0 x1.0:8=0")                    \
    X("str s0, [x1]", "v8 W4[x1] | m0:4=v0.0")                                         \
    X("str d0, [x1, w2, sxtw #3]", "v8 W8[x1+x2.sxtw*8] | m0:8=v0.0")                  \
    X("ldapr x0, [x1]", "R8[x1] | x0.0:8=m0")                                          \
    X("ldapur w0, [x1, #-4]", "R4[x1-4] | x0.0:4=m0 x0.4:4=0")                         \
    X("ldapursb x0, [x1, #4]", "R1[x1+4] | x0.0:1=m0 x0.1:7=0")                        \
    X("stlur x0, [x1, #8]", "W8[x1+8] | m0:8=x0.0")

#define A64_PAIR(X)                                                                    \
    X("ldp x0, x1, [x2]", "R16[x2] | x0.0:8=m0 x1.0:8=m0+8")                           \
    X("ldp x29, x30, [sp], #32", "R16[sp] | x29.0:8=m0 x30.0:8=m0+8")                  \
    X("stp x29, x30, [sp, #-32]!", "W16[sp-32] | m0:8=x29.0 m0+8:8=x30.0")             \
    X("ldp w0, w1, [x2, #-8]", "R8[x2-8] | x0.0:4=m0 x0.4:4=0 x1.0:4=m0+4 x1.4:4=0")   \
    X("stp xzr, x1, [x2, #16]", "W16[x2+16] | m0+8:8=x1.0")                            \
    X("stp xzr, xzr, [x2]", "W16[x2] |")                                               \
    X("ldpsw x0, x1, [x2, #8]", "R8[x2+8] | x0.0:4=m0 x0.4:4=0 x1.0:4=m0+4 x1.4:4=0")  \
    X("ldnp x0, x1, [x2, #16]", "R16[x2+16],nt | x0.0:8=m0 x1.0:8=m0+8")               \
    X("stnp q0, q1, [x2, #32]", "v16 W32[x2+32],nt | m0:16=v0.0 m0+16:16=v1.0")        \
    X("ldp s0, s1, [x2]", "v8 R8[x2] | v0.0:4=m0 v0.4:12=0 v1.0:4=m0+4 v1.4:12=0")     \
    X("ldp d8, d9, [sp, #16]",                                                         \
      "v8 R16[sp+16] | v8.0:8=m0 v8.8:8=0 v9.0:8=m0+8 v9.8:8=0")                       \
    X("ldp q0, q1, [x1], #64", "v16 R32[x1] | v0.0:16=m0 v1.0:16=m0+16 x1.0:8=0")      \
    X("stp q2, q3, [x0, #-32]", "v16 W32[x0-32] | m0:16=v2.0 m0+16:16=v3.0")

#define A64_ATOMIC(X)                                                                  \
    X("ldxr x0, [x1]", "R8[x1] | x0.0:8=m0")                                           \
    X("ldaxr w0, [x1]", "R4[x1] | x0.0:4=m0 x0.4:4=0")                                 \
    X("ldxrb w0, [x1]", "R1[x1] | x0.0:1=m0 x0.1:7=0")                                 \
    X("stxr w2, x0, [x1]", "W8[x1] | m0:8=x0.0 x2.0:8=0")                              \
    X("stlxr w2, w0, [x1]", "W4[x1] | m0:4=x0.0 x2.0:8=0")                             \
    X("stlxrh w2, w0, [sp]", "W2[sp] | m0:2=x0.0 x2.0:8=0")                            \
    X("ldxp x0, x1, [x2]", "R16[x2] | x0.0:8=m0 x1.0:8=m0+8")                          \
    X("ldaxp w0, w1, [x2]", "R8[x2] | x0.0:4=m0 x0.4:4=0 x1.0:4=m0+4 x1.4:4=0")        \
    X("stxp w3, x0, x1, [x2]", "W16[x2] | m0:8=x0.0 m0+8:8=x1.0 x3.0:8=0")             \
    X("stlxp w3, w0, w1, [x2]", "W8[x2] | m0:4=x0.0 m0+4:4=x1.0 x3.0:8=0")             \
    X("ldar x0, [x1]", "R8[x1] | x0.0:8=m0")                                           \
    X("ldarb w0, [x1]", "R1[x1] | x0.0:1=m0 x0.1:7=0")                                 \
    X("stlr w0, [x1]", "W4[x1] | m0:4=x0.0")                                           \
    X("stlrh w0, [x1]", "W2[x1] | m0:2=x0.0")                                          \
    X("ldlar x0, [x1]", "R8[x1] | x0.0:8=m0")                                          \
    X("ldadd x0, x1, [x2]", "R8[x2] W8[x2] | x1.0:8=m0")                               \
    X("ldaddal w0, w1, [x2]", "R4[x2] W4[x2] | x1.0:4=m0 x1.4:4=0")                    \
    X("stadd x0, [x2]", "R8[x2] W8[x2] |")                                             \
    X("ldclrb w0, w1, [x2]", "R1[x2] W1[x2] | x1.0:1=m0 x1.1:7=0")                     \
    X("ldsmax x0, x1, [x2]", "R8[x2] W8[x2] | x1.0:8=m0")                              \
    X("swp x0, x1, [x2]", "R8[x2] W8[x2] | tmp.0:8=m0 m1:8=x0.0 x1.0:8=tmp.0")         \
    X("swpal w0, w0, [x2]",                                                            \
      "R4[x2] W4[x2] | tmp.0:4=m0 m1:4=x0.0 x0.0:4=tmp.0 x0.4:4=0")                    \
    X("swpb wzr, w1, [x2]", "R1[x2] W1[x2] | tmp.0:1=m0 x1.0:1=tmp.0 x1.1:7=0")        \
    X("swp x0, xzr, [x2]", "R8[x2] W8[x2] | tmp.0:8=m0 m1:8=x0.0")                     \
    X("cas x0, x1, [x2]", "R8[x2] W8[x2] | x0.0:8=m0")                                 \
    X("casalb w0, w1, [x2]", "R1[x2] W1[x2] | x0.0:1=m0 x0.1:7=0")                     \
    X("casp x0, x1, x2, x3, [x4]", "R16[x4] W16[x4] | x0.0:8=m0 x1.0:8=m0+8")          \
    X("caspal w0, w1, w2, w3, [x4]",                                                   \
      "R8[x4] W8[x4] | x0.0:4=m0 x0.4:4=0 x1.0:4=m0+4 x1.4:4=0")

#define A64_STRUCTURE(X)                                                               \
    X("ld1 {v0.16b}, [x1]", "v16 R16[x1] | v0.0:16=m0")                                \
    X("ld1 {v0.8b, v1.8b}, [x1], #16",                                                 \
      "v8 R16[x1] | x1.0:8=0 v0.0:8=m0 v1.0:8=m0+8 v0.8:8=0 v1.8:8=0")                 \
    X("ld1 {v30.2d, v31.2d, v0.2d, v1.2d}, [x1], x2",                                  \
      "v16 R64[x1] | x1.0:8=0 v30.0:16=m0 v31.0:16=m0+16 v0.0:16=m0+32 v1.0:16=m0+48") \
    X("st1 {v0.4s, v1.4s, v2.4s}, [x1]",                                               \
      "v16 W48[x1] | m0:16=v0.0 m0+16:16=v1.0 m0+32:16=v2.0")                          \
    X("ld2 {v0.2d, v1.2d}, [x1]",                                                      \
      "v16 R32[x1] | v0.0:8=m0 v1.0:8=m0+8 v0.8:8=m0+16 v1.8:8=m0+24")                 \
    X("st2 {v0.4s, v1.4s}, [x1], #32",                                                 \
      "v16 W32[x1] | x1.0:8=0 m0:4=v0.0 m0+4:4=v1.0 m0+8:4=v0.4 m0+12:4=v1.4 "         \
      "m0+16:4=v0.8 m0+20:4=v1.8 m0+24:4=v0.12 m0+28:4=v1.12")                         \
    X("ld3 {v0.2s, v1.2s, v2.2s}, [x1]",                                               \
      "v8 R24[x1] | v0.0:4=m0 v1.0:4=m0+4 v2.0:4=m0+8 v0.4:4=m0+12 v1.4:4=m0+16 "      \
      "v2.4:4=m0+20 v0.8:8=0 v1.8:8=0 v2.8:8=0")                                       \
    X("st4 {v0.2d, v1.2d, v2.2d, v3.2d}, [x1], x3",                                    \
      "v16 W64[x1] | x1.0:8=0 m0:8=v0.0 m0+8:8=v1.0 m0+16:8=v2.0 m0+24:8=v3.0 "        \
      "m0+32:8=v0.8 m0+40:8=v1.8 m0+48:8=v2.8 m0+56:8=v3.8")                           \
    X("ld1 {v0.b}[13], [x1]", "v16 R1[x1] | v0.13:1=m0")                               \
    X("ld1 {v0.h}[5], [x1], #2", "v16 R2[x1] | x1.0:8=0 v0.10:2=m0")                   \
    X("ld1 {v0.s}[3], [x1]", "v16 R4[x1] | v0.12:4=m0")                                \
    X("ld1 {v0.d}[1], [x1]", "v16 R8[x1] | v0.8:8=m0")                                 \
    X("st1 {v0.d}[0], [x1], #8", "v8 W8[x1] | x1.0:8=0 m0:8=v0.0")                     \
    X("st1 {v2.s}[1], [x1]", "v8 W4[x1] | m0:4=v2.4")                                  \
    X("ld2 {v0.s, v1.s}[2], [x1]", "v16 R8[x1] | v0.8:4=m0 v1.8:4=m0+4")               \
    X("st3 {v0.h, v1.h, v2.h}[7], [x1]",                                               \
      "v16 W6[x1] | m0:2=v0.14 m0+2:2=v1.14 m0+4:2=v2.14")                             \
    X("ld4 {v0.d, v1.d, v2.d, v3.d}[1], [x1], x2",                                     \
      "v16 R32[x1] | x1.0:8=0 v0.8:8=m0 v1.8:8=m0+8 v2.8:8=m0+16 v3.8:8=m0+24")        \
    X("ld1r {v0.2d}, [x1]", "v16 R8[x1] | v0.0:8=m0 v0.8:8=m0")                        \
    X("ld1r {v0.4s}, [x1], #4",                                                        \
      "v16 R4[x1] | x1.0:8=0 v0.0:4=m0 v0.4:4=m0 v0.8:4=m0 v0.12:4=m0")                \
    X("ld1r {v0.16b}, [x1]", "v16 R1[x1] | v0.0:16=0")                                 \
    X("ld2r {v0.2d, v1.2d}, [x1]",                                                     \
      "v16 R16[x1] | v0.0:8=m0 v0.8:8=m0 v1.0:8=m0+8 v1.8:8=m0+8")

#define A64_GENERAL(X)                                                                 \
    X("mov x0, x1", "| x0.0:8=x1.0")                                                   \
    X("mov w0, w1", "| x0.0:4=x1.0 x0.4:4=0")                                          \
    X("mov x0, xzr", "| x0.0:8=0")                                                     \
    X("mov xzr, x1", "|")                                                              \
    X("mov x0, sp", "| x0.0:8=0")                                                      \
    X("mov x0, #1", "| x0.0:8=0")                                                      \
    X("orr x0, xzr, x1, lsl #1", "| x0.0:8=0")                                         \
    X("orr x0, x1, x2", "| x0.0:8=0")                                                  \
    X("add x0, x1, x2", "| x0.0:8=0")                                                  \
    X("add sp, sp, #16", "|")                                                          \
    X("adr x0, .", "| x0.0:8=0")                                                       \
    X("uxtb w0, w1", "| x0.0:1=x1.0 x0.1:7=0")                                         \
    X("uxth w0, w1", "| x0.0:2=x1.0 x0.2:6=0")                                         \
    X("sxtb x0, w1", "| x0.0:1=x1.0 x0.1:7=0")                                         \
    X("sxtw x0, w1", "| x0.0:4=x1.0 x0.4:4=0")                                         \
    X("lsr x0, x1, #3", "| x0.0:8=0")                                                  \
    X("bfi x0, x1, #0, #8", "| x0.0:8=0")                                              \
    X("extr x0, x1, x2, #8", "| x0.0:8=0")                                             \
    X("csel x0, x1, x2, eq", "| x0.0:8=0")                                             \
    X("cmp x0, x1", "|")                                                               \
    X("cmp x0, #1", "|")                                                               \
    X("ccmp x0, x1, #0, eq", "|")                                                      \
    X("madd x0, x1, x2, x3", "| x0.0:8=0")                                             \
    X("crc32x w0, w1, x2", "| x0.0:8=0")                                               \
    X("rev x0, x1", "| x0.0:8=0")                                                      \
    X("rmif x1, #2, #3", "|")                                                          \
    X("setf8 w1", "|")

#define A64_VECTOR(X)                                                                  \
    X("mov v0.16b, v1.16b", "v16 | v0.0:16=v1.0")                                      \
    X("mov v0.8b, v1.8b", "v8 | v0.0:8=v1.0 v0.8:8=0")                                 \
    X("orr v0.16b, v1.16b, v2.16b", "v16 | v0.0:16=0")                                 \
    X("eor v0.16b, v1.16b, v2.16b", "v16 | v0.0:16=0")                                 \
    X("fmov s0, s1", "v8 | v0.0:4=v1.0 v0.4:12=0")                                     \
    X("fmov d0, d1", "v8 | v0.0:8=v1.0 v0.8:8=0")                                      \
    /* fmov h0, h1 */ X(".inst 0x1ee04020", "v8 | v0.0:2=v1.0 v0.2:14=0")              \
    X("fmov w0, s1", "v8 | x0.0:4=v1.0 x0.4:4=0")                                      \
    X("fmov s1, w0", "v8 | v1.0:4=x0.0 v1.4:12=0")                                     \
    X("fmov x0, d1", "v8 | x0.0:8=v1.0")                                               \
    X("fmov d1, x0", "v8 | v1.0:8=x0.0 v1.8:8=0")                                      \
    X("fmov d1, xzr", "v8 | v1.0:8=0 v1.8:8=0")                                        \
    X("fmov x0, v1.d[1]", "v8 | x0.0:8=v1.8")                                          \
    X("fmov v1.d[1], x0", "v16 | v1.8:8=x0.0")                                         \
    X("fmov d0, #1.0", "v8 | v0.0:16=0")                                               \
    X("dup v0.2d, v1.d[1]", "v16 | v0.0:8=v1.8 v0.8:8=v1.8")                           \
    X("dup v0.4h, v1.h[3]",                                                            \
      "v8 | v0.0:2=v1.6 v0.2:2=v1.6 v0.4:2=v1.6 v0.6:2=v1.6 v0.8:8=0")                 \
    X("dup v0.16b, v1.b[0]", "v16 | v0.0:16=0")                                        \
    X("dup v0.2d, x1", "v16 | v0.0:8=x1.0 v0.8:8=x1.0")                                \
    X("dup v0.8b, wzr", "v8 | v0.0:1=0 v0.1:1=0 v0.2:1=0 v0.3:1=0 v0.4:1=0 v0.5:1=0 "  \
                        "v0.6:1=0 v0.7:1=0 v0.8:8=0")                                  \
    X("mov d0, v1.d[1]", "v8 | v0.0:8=v1.8 v0.8:8=0")                                  \
    X("mov b0, v1.b[5]", "v8 | v0.0:1=v1.5 v0.1:15=0")                                 \
    X("umov w0, v1.b[5]", "v8 | x0.0:1=v1.5 x0.1:7=0")                                 \
    X("umov x0, v1.d[1]", "v16 | x0.0:8=v1.8")                                         \
    X("smov x0, v1.s[3]", "v16 | x0.0:4=v1.12 x0.4:4=0")                               \
    X("mov v0.d[1], x1", "v16 | v0.8:8=x1.0")                                          \
    X("mov v0.b[7], w1", "v16 | v0.7:1=x1.0")                                          \
    X("mov v0.s[1], v1.s[3]", "v16 | v0.4:4=v1.12")                                    \
    X("mov v0.d[0], v1.d[1]", "v16 | v0.0:8=v1.8")                                     \
    X("ext v0.16b, v1.16b, v2.16b, #8", "v16 | v0.0:16=0")                             \
    X("zip1 v0.2d, v1.2d, v2.2d", "v16 | v0.0:16=0")                                   \
    X("tbl v0.16b, {v1.16b}, v2.16b", "v16 | v0.0:16=0")                               \
    X("cnt v0.8b, v1.8b", "v8 | v0.0:16=0")                                            \
    X("addv b0, v1.16b", "v16 | v0.0:16=0")                                            \
    X("movi v0.2d, #0", "v16 | v0.0:16=0")                                             \
    X("fadd d0, d1, d2", "v8 | v0.0:16=0")                                             \
    X("fmadd d0, d1, d2, d3", "v8 | v0.0:16=0")                                        \
    X("fcmp d0, d1", "v8 |")                                                           \
    X("fcmp d0, #0.0", "v8 |")                                                         \
    X("fccmp d0, d1, #0, eq", "v8 |")                                                  \
    X("fcsel d0, d1, d2, eq", "v8 | v0.0:16=0")                                        \
    X("scvtf d0, x1", "v8 | v0.0:16=0")                                                \
    X("ucvtf s0, w1, #3", "v8 | v0.0:16=0")                                            \
    X("fcvtzs x0, d1", "v8 | x0.0:8=0")                                                \
    X("fcvtas w0, s1", "v8 | x0.0:8=0")                                                \
    X("fcvtzu x0, d1, #3", "v8 | x0.0:8=0")                                            \
    X("fjcvtzs w0, d1", "v8 | x0.0:8=0")                                               \
    X("fcvt d0, s1", "v8 | v0.0:16=0")                                                 \
    X("aese v0.16b, v1.16b", "v16 | v0.0:16=0")                                        \
    X("sha256h q0, q1, v2.4s", "v16 | v0.0:16=0")                                      \
    /* eor3 v0.16b, v1.16b, v2.16b, v3.16b */ X(".inst 0xce020c20", "v16 | v0.0:16=0") \
    /* xar v0.2d, v1.2d, v2.2d, #3 */ X(".inst 0xce820c20", "v16 | v0.0:16=0")

#define A64_CONTROL(X)                                                                 \
    X("b .+8", "|")                                                                    \
    X("b.eq .+8", "branch |")                                                          \
    X("cbz x0, .-8", "branch |")                                                       \
    X("cbnz w0, .+8", "branch |")                                                      \
    X("tbz x0, #3, .+8", "branch |")                                                   \
    X("tbnz w0, #31, .-8", "branch |")                                                 \
    X("bl .+8", "call link | x30.0:8=0")                                               \
    X("br x1", "|")                                                                    \
    X("blr x1", "call link | x30.0:8=0")                                               \
    X("ret", "ret link |")                                                             \
    X("ret x2", "ret link |")                                                          \
    X("retaa", "ret link |")                                                           \
    X("braaz x1", "|")                                                                 \
    X("blraa x1, x2", "call link | x30.0:8=0")                                         \
    X("svc #0", "syscall | x0.0:8=0")                                                  \
    X("brk #1", "unsupported | x0.0:2496=0")                                           \
    X("nop", "|")                                                                      \
    X("bti c", "|")                                                                    \
    X("paciasp", "| x30.0:8=0")                                                        \
    X("autiasp", "| x30.0:8=0")                                                        \
    X("pacia1716", "| x17.0:8=0")                                                      \
    X("xpaclri", "| x30.0:8=0")                                                        \
    X("yield", "|")                                                                    \
    X("dmb ish", "|")                                                                  \
    X("isb", "|")                                                                      \
    X("clrex", "|")                                                                    \
    X("mrs x0, tpidr_el0", "| x0.0:8=0")                                               \
    X("mrs x0, nzcv", "| x0.0:8=0")                                                    \
    X("msr nzcv, x0", "|")                                                             \
    X("msr tpidr_el0, x0", "|")                                                        \
    X("msr dit, #1", "|")                                                              \
    X("dc cvau, x0", "|")                                                              \
    X("ic ivau, x0", "|")

#define A64_UNKNOWN(X)                                                                 \
    X("ldraa x0, [x1]", "unsupported | x0.0:2496=0")                                   \
    X("stg x0, [x1]", "unsupported | x0.0:2496=0")                                     \
    X("hlt #1", "unsupported | x0.0:2496=0")                                           \
    X("ld1b {z0.b}, p0/z, [x0]", "unsupported | x0.0:2496=0")                          \
    X("ptrue p0.b", "unsupported | x0.0:2496=0")                                       \
    X("add z0.b, z0.b, z1.b", "unsupported | x0.0:2496=0")                             \
    X("dc gva, x0", "unsupported | x0.0:2496=0")

#endif

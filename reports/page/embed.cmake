# Writes a C table of the page's parts: their bytes, and for script and style the digest by which
# the page's content security policy allows them. Called by CMakeLists.txt with OUTPUT, ROOT,
# STYLES, BODY and SCRIPTS; several files of one kind become one part, in that order.

# 32 bytes in hexadecimal as Base64 (RFC 4648 section 4): ten groups of three and one of two.
function(base64_of_digest hex out)
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(text "")
  foreach(at RANGE 0 60 6)
    if(at EQUAL 60)
      string(SUBSTRING "${hex}" 60 4 group)
      math(EXPR group "0x${group} << 8")
      set(shifts 18 12 6)
    else()
      string(SUBSTRING "${hex}" ${at} 6 group)
      math(EXPR group "0x${group}")
      set(shifts 18 12 6 0)
    endif()
    foreach(shift IN LISTS shifts)
      math(EXPR index "(${group} >> ${shift}) & 63")
      string(SUBSTRING ${alphabet} ${index} 1 digit)
      string(APPEND text ${digit})
    endforeach()
  endforeach()
  set(${out} "${text}=" PARENT_SCOPE)
endfunction()

# `end` is what would end the element early: it must not occur.
function(part_of name end files)
  set(joined ${OUTPUT}.${name})
  file(WRITE ${joined} "")
  foreach(file IN LISTS files)
    file(READ ${ROOT}/${file} text)
    string(TOLOWER "${text}" lower)
    string(FIND "${lower}" "${end}" found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${file} holds ${end}")
    endif()
    file(APPEND ${joined} "${text}")
  endforeach()
  file(SHA256 ${joined} digest)
  base64_of_digest(${digest} digest)
  file(READ ${joined} bytes HEX)
  file(SIZE ${joined} size)
  file(REMOVE ${joined})
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  set(code "${code}
static const unsigned char ${name}_bytes[] = {
${bytes}};

const struct page_part page_${name} = {${name}_bytes, ${size}, \"${digest}\"};
" PARENT_SCOPE)
endfunction()

set(code "/* Written by reports/page/embed.cmake from the files beside it. */
#include \"reports/page_parts.h\"
")
part_of(style "</style" "${STYLES}")
part_of(body "<script" "${BODY}")
part_of(script "</script" "${SCRIPTS}")
file(WRITE ${OUTPUT}.new "${code}")
file(RENAME ${OUTPUT}.new ${OUTPUT})

# Writes a C table of the statements: {name, text} by name. Called by CMakeLists.txt with OUTPUT,
# ROOT and FILES.
set(rows "")
list(SORT FILES)
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  file(RELATIVE_PATH name ${ROOT} ${file})
  string(REGEX REPLACE "\\.sql$" "" name ${name})
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
  string(APPEND rows "    {\"${name}\",\n     \"${text}\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "/* Written by sql/embed.cmake from the .sql files. */
#include \"sql/statement.h\"

const struct statement_text statement_table[] = {
${rows}    {0, 0}};
")
file(RENAME ${OUTPUT}.new ${OUTPUT})

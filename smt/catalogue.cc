// The tables of loops; see catalogue.h. Tested by smt/test/extract_loop_test.cc.
#include "smt/catalogue.h"

#include <array>
#include <string_view>

namespace assay::smt {
namespace {

// T stands for the type. Slots: n, i, s, and a to d.
struct Row {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Row, 21> kBodies = {{
    {"linear", "a = a + s;"},
    {"sum", "a = a + i;"},
    {"two accumulators", "a = a + i; b = b - i;"},
    {"invariant multiplier", "a = a + s * i;"},
    {"squares", "a = a + i * i;"},
    {"cubes", "a = a + i * i * i;"},
    {"degree 5", "a = a + i * i * i * i;"},
    {"degree 7", "a = a + i * i * i * i * i * i;"},
    {"chain of 2", "a = a + b; b = b + s;"},
    {"chain of 3", "a = a + b; b = b + c; c = c + d;"},
    {"invariant condition", "if (s > 3) { a = a + i; } else { a = a - 1; }"},
    {"affine", "a = a * s + b;"},
    {"geometric sum", "a = a * 3; b = b + a;"},
    {"fibonacci", "let T t = a + b; a = b; b = t;"},
    {"xor of an invariant", "a = a ^ s;"},
    {"or of an invariant", "a = a | s;"},
    {"xor of the counter", "a = a ^ i;"},
    {"minimum", "a = select(i < a, i, a);"},
    {"swap", "let T t = a; a = b; b = t;"},
    {"parity", "if (i & 1) { a = a + i; }"},
    {"split range", "if (i < s) { a = a + i; } else { a = a - 1; }"},
}};

// BODY stands for the above.
constexpr std::array<Row, 18> kExits = {{
    {"loop (n)", "loop (n) { BODY i = i + 1; }"},
    {"loop (n), symbolic step", "loop (n) { BODY i = i + d; }"},
    {"loop (1000)", "loop (1000) { BODY i = i + 3; }"},
    {"i < n, rising", "while (i < n) { BODY i = i + 1; }"},
    {"i <= n, rising", "while (i <= n) { BODY i = i + 1; }"},
    {"i > n, falling", "while (i > n) { BODY i = i - 1; }"},
    {"i >= n, falling", "while (i >= n) { BODY i = i - 1; }"},
    {"i <u n, rising", "while (lt_u(i, n)) { BODY i = i + 1; }"},
    {"i <=u n, rising", "while (le_u(i, n)) { BODY i = i + 1; }"},
    {"i >u n, falling", "while (gt_u(i, n)) { BODY i = i - 1; }"},
    {"i >=u n, falling", "while (ge_u(i, n)) { BODY i = i - 1; }"},
    {"i != n, rising", "while (i != n) { BODY i = i + 1; }"},
    {"i != n, falling", "while (i != n) { BODY i = i - 1; }"},
    {"i < n, step 4", "while (i < n) { BODY i = i + 4; }"},
    {"i < n, step 3", "while (i < n) { BODY i = i + 3; }"},
    {"i < n, symbolic step", "while (i < n) { BODY i = i + d; }"},
    {"break first", "while (1) { if (i >= n) { break; } BODY i = i + 1; }"},
    {"break last", "while (1) { BODY i = i + 1; if (i == n) { break; } }"},
}};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

std::vector<CatalogueLoop> loop_catalogue() {
  std::vector<CatalogueLoop> loops;
  for (const std::string_view type : {"i32", "i64"}) {
    for (const Row& body : kBodies) {
      for (const Row& exit : kExits) {
        std::string text = "program p(T n, T i, T s, T a, T b, T c, T d) { " + std::string(exit.text) + " }";
        text = replaced(replaced(text, "BODY", body.text), "T ", std::string(type) + " ");
        loops.push_back({std::string(body.name) + "; " + std::string(exit.name) + "; " + std::string(type), text});
      }
    }
  }
  return loops;
}

}  // namespace assay::smt

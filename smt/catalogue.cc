// The tables of loops; see catalogue.h. Tested by smt/test/extract_loop_test.cc.
#include "smt/catalogue.h"

#include <array>
#include <string_view>

namespace assay::smt {
namespace {

// T stands for the type, U for the other one. Slots: n, i, s, and a to d. A counter `j` of an inner loop is a local.
struct Row {
  std::string_view name;
  std::string_view text;
};

constexpr std::array kBodies = {
    Row{"linear", "a = a + s;"},
    Row{"sum", "a = a + i;"},
    Row{"two accumulators", "a = a + i; b = b - i;"},
    Row{"invariant multiplier", "a = a + s * i;"},
    Row{"squares", "a = a + i * i;"},
    Row{"cubes", "a = a + i * i * i;"},
    Row{"degree 5", "a = a + i * i * i * i;"},
    Row{"degree 7", "a = a + i * i * i * i * i * i;"},
    Row{"fifth powers", "a = a + i * i * i * i * i;"},
    Row{"seventh powers, ahead", "let T x = i + 2; a = a + x * x * x * x * x * x * x;"},
    Row{"chain of 2", "a = a + b; b = b + s;"},
    Row{"chain of 3", "a = a + b; b = b + c; c = c + d;"},
    Row{"invariant condition", "if (s > 3) { a = a + i; } else { a = a - 1; }"},
    Row{"kept or replaced", "if (s > 3) { a = b; }"},
    Row{"affine", "a = a * s + b;"},
    Row{"geometric sum", "a = a * 3; b = b + a;"},
    Row{"fibonacci", "let T t = a + b; a = b; b = t;"},
    Row{"order 3", "let T t = 2 * a - b + 3 * c; a = b; b = c; c = t;"},
    Row{"xor of an invariant", "a = a ^ s;"},
    Row{"or of an invariant", "a = a | s;"},
    Row{"and of an invariant", "a = a & s;"},
    Row{"xor of the counter", "a = a ^ i;"},
    Row{"and of the counter", "a = a & i;"},
    Row{"or of the counter", "a = a | i;"},
    Row{"minimum", "a = select(i < a, i, a);"},
    Row{"maximum", "if (i > a) { a = i; }"},
    Row{"unsigned minimum", "a = select(lt_u(a, i), a, i);"},
    Row{"unsigned maximum", "a = select(gt_u(i, a), i, a);"},
    Row{"swap", "let T t = a; a = b; b = t;"},
    Row{"rotation of 3", "let T t = a; a = b; b = c; c = t;"},
    Row{"alternating sign", "b = b + a; a = -a;"},
    Row{"alternating sum", "b = b + a * i; a = -a;"},
    Row{"parity", "if (i & 1) { a = a + i; }"},
    Row{"remainder by 3", "if (i % 3 == 0) { a = a + i; }"},
    Row{"unsigned remainder by 3", "if (rem_u(i, 3) == 1) { a = a + i; } else { b = b + 1; }"},
    Row{"split range", "if (i < s) { a = a + i; } else { a = a - 1; }"},
    Row{"follower", "b = i * s;"},
    Row{"peeled", "a = a + b; b = i;"},
};

// Inner loops; the exits around them are the outer loop's.
constexpr std::array kNests = {
    Row{"rectangular", "let T j = 0; while (j < s) { a = a + i * j; j = j + 1; }"},
    Row{"rectangular, falling", "let T j = s; while (j > 0) { a = a + j; j = j - 1; }"},
    Row{"rectangular, unsigned", "let T j = 0; while (lt_u(j, s)) { a = a + j; j = j + 1; }"},
    Row{"triangular", "let T j = 0; while (j < i) { a = a + j; j = j + 1; }"},
    Row{"triangular, squares", "let T j = 0; while (j < i) { a = a + j * j; j = j + 1; }"},
    Row{"triangular from i", "let T j = i; while (j < s) { a = a + j; j = j + 1; }"},
    Row{"triangular, unsigned", "let T j = 0; while (lt_u(j, i)) { a = a + j; j = j + 1; }"},
    Row{"affine bound", "let T j = 0; while (j < 2 * i + 3) { a = a + j; j = j + 1; }"},
    Row{"counted", "loop (s) { a = a + b; b = b + c; }"},
    Row{"counted by the counter", "loop (i) { a = a + b; }"},
    Row{"three deep", "let T j = 0; while (j < s) { let T k = 0; while (k < d) { a = a + 1; k = k + 1; } j = j + 1; }"},
};

// BODY stands for the above.
constexpr std::array kExits = {
    Row{"loop (n)", "loop (n) { BODY i = i + 1; }"},
    Row{"loop (n), symbolic step", "loop (n) { BODY i = i + d; }"},
    Row{"loop (1000)", "loop (1000) { BODY i = i + 3; }"},
    Row{"i < n, rising", "while (i < n) { BODY i = i + 1; }"},
    Row{"i <= n, rising", "while (i <= n) { BODY i = i + 1; }"},
    Row{"i > n, falling", "while (i > n) { BODY i = i - 1; }"},
    Row{"i >= n, falling", "while (i >= n) { BODY i = i - 1; }"},
    Row{"i <u n, rising", "while (lt_u(i, n)) { BODY i = i + 1; }"},
    Row{"i <=u n, rising", "while (le_u(i, n)) { BODY i = i + 1; }"},
    Row{"i >u n, falling", "while (gt_u(i, n)) { BODY i = i - 1; }"},
    Row{"i >=u n, falling", "while (ge_u(i, n)) { BODY i = i - 1; }"},
    Row{"i != n, rising", "while (i != n) { BODY i = i + 1; }"},
    Row{"i != n, falling", "while (i != n) { BODY i = i - 1; }"},
    Row{"i == n", "while (i == n) { BODY i = i + 1; }"},
    Row{"i < n, step 4", "while (i < n) { BODY i = i + 4; }"},
    Row{"i < n, step 3", "while (i < n) { BODY i = i + 3; }"},
    Row{"i < n, symbolic step", "while (i < n) { BODY i = i + d; }"},
    Row{"break first", "while (1) { if (i >= n) { break; } BODY i = i + 1; }"},
    Row{"break in the middle", "while (1) { BODY if (i >= n) { break; } i = i + 1; }"},
    Row{"break last", "while (1) { BODY i = i + 1; if (i == n) { break; } }"},
};

// Exits whose counts are of another kind than those above, for the simplest of bodies.
constexpr std::array kSpecialBodies = {
    Row{"linear", "a = a + s;"},
    Row{"sum", "a = a + i;"},
    Row{"squares", "a = a + i * i;"},
};
constexpr std::array kSpecialExits = {
    Row{"i != n, step 2", "while (i != n) { BODY i = i + 2; }"},
    Row{"i != n, step 3", "while (i != n) { BODY i = i + 3; }"},
    Row{"i != n, step 5", "while (i != n) { BODY i = i + 5; }"},
    Row{"i != n, step 6", "while (i != n) { BODY i = i + 6; }"},
    Row{"i != n, step -3", "while (i != n) { BODY i = i - 3; }"},
    Row{"i != n, step -12", "while (i != n) { BODY i = i - 12; }"},
    Row{"i != n, symbolic step", "while (i != n) { BODY i = i + d; }"},
    Row{"break by ==, step 7", "while (1) { BODY i = i + 7; if (i == n) { break; } }"},
    Row{"i <= n, step 3", "while (i <= n) { BODY i = i + 3; }"},
    Row{"i > n, step -3", "while (i > n) { BODY i = i - 3; }"},
    Row{"i >= n, step -5", "while (i >= n) { BODY i = i - 5; }"},
    Row{"i <u n, step 3", "while (lt_u(i, n)) { BODY i = i + 3; }"},
    Row{"i <=u n, step 6", "while (le_u(i, n)) { BODY i = i + 6; }"},
    Row{"i >u n, step -2", "while (gt_u(i, n)) { BODY i = i - 2; }"},
    Row{"i >=u n, step -7", "while (ge_u(i, n)) { BODY i = i - 7; }"},
    Row{"i > n, symbolic step", "while (i > n) { BODY i = i + d; }"},
    Row{"i >= n, symbolic step", "while (i >= n) { BODY i = i + d; }"},
    Row{"i <= n, symbolic step", "while (i <= n) { BODY i = i + d; }"},
    Row{"i <u n, symbolic step", "while (lt_u(i, n)) { BODY i = i + d; }"},
    Row{"i >=u n, symbolic step", "while (ge_u(i, n)) { BODY i = i + d; }"},
    Row{"i < n, step MIN", "while (i < n) { BODY i = i + MIN; }"},
    Row{"i < n, falling", "while (i < n) { BODY i = i - 1; }"},
    Row{"i > n, rising", "while (i > n) { BODY i = i + 1; }"},
    Row{"i < 100", "while (i < 100) { BODY i = i + 7; }"},
    Row{"i < n, step first", "while (i < n) { i = i + 1; BODY }"},
    Row{"loop (n), break first", "loop (n) { if (i > s) { break; } BODY i = i + 1; }"},
    Row{"loop (n), break last", "loop (n) { BODY i = i + 1; if (i == s) { break; } }"},
    Row{"two exits", "while (i < n) { BODY if (i > s) { break; } i = i + 1; }"},
};

// What is counted in one width and what is computed in the other: C(n, 2) modulo 2^32 takes 33 bits of n, and a counter
// that wraps in 32 bits is another one in 64. `wrap` and `extend` decide by themselves which of the widths T is.
constexpr std::array kMixedBodies = {
    Row{"sum", "a = a + b; b = b + 1;"},
    Row{"chain of 3", "a = a + b; b = b + c; c = c + s;"},
    Row{"cut counter", "a = a + wrap(i);"},
    Row{"extended counter", "a = a + extend_s(i);"},
    Row{"counter extended unsigned", "a = a + extend_u(i);"},
};
constexpr std::array kMixedExits = {
    Row{"loop (n)", "loop (n) { BODY i = i + 1; }"},
    Row{"loop (n), step -1", "loop (n) { BODY i = i - 1; }"},
    Row{"loop (2^32 + 3)", "loop (4294967299L) { BODY i = i + 1; }"},
    Row{"loop (n), step 3", "loop (n) { BODY i = i + 3; }"},
    Row{"i < n, rising", "while (i < n) { BODY i = i + 1; }"},
    Row{"i <= n, rising", "while (i <= n) { BODY i = i + 1; }"},
    Row{"i >u n, falling", "while (gt_u(i, n)) { BODY i = i - 1; }"},
    Row{"i != n, rising", "while (i != n) { BODY i = i + 1; }"},
    Row{"break last", "while (1) { BODY i = i + 1; if (i == n) { break; } }"},
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

constexpr std::string_view kOneWidth = "T n, T i, T s, T a, T b, T c, T d";
constexpr std::string_view kTwoWidths = "T n, T i, U s, U a, U b, U c";

template <class Bodies, class Exits>
void add_product(const Bodies& bodies, const Exits& exits, std::string_view group, std::vector<CatalogueLoop>& loops,
                 std::string_view slots = kOneWidth) {
  for (const std::string_view type : {"i32", "i64"}) {
    const std::string_view other = type == "i32" ? "i64" : "i32";
    const std::string_view refused = type == "i32" ? "wrap(" : "extend_";
    for (std::size_t b = 0; b < bodies.size(); ++b) {
      for (std::size_t e = 0; e < exits.size(); ++e) {
        const Row& body = bodies[b];
        const Row& exit = exits[e];
        if (body.text.find(refused) != std::string_view::npos) continue;
        std::string text = "program p(" + std::string(slots) + ") { " + std::string(exit.text) + " }";
        text = replaced(replaced(text, "BODY", body.text), "T ", std::string(type) + " ");
        text = replaced(text, "U ", std::string(other) + " ");
        text = replaced(text, "MIN", type == "i32" ? "-2147483648" : "-9223372036854775808L");
        const std::string kind = std::string(group) + std::string(body.name);
        // The diagonal of the product, going round the shorter of the two.
        const bool sampled = bodies.size() < exits.size() ? b == e % bodies.size() : e == b % exits.size();
        loops.push_back({kind, kind + "; " + std::string(exit.name) + "; " + std::string(type), text, sampled});
      }
    }
  }
}

}  // namespace

std::vector<CatalogueLoop> loop_catalogue() {
  std::vector<CatalogueLoop> loops;
  add_product(kBodies, kExits, "", loops);
  add_product(kSpecialBodies, kSpecialExits, "other exits, ", loops);
  add_product(kNests, kExits, "nested, ", loops);
  add_product(kMixedBodies, kMixedExits, "two widths, ", loops, kTwoWidths);
  return loops;
}

}  // namespace assay::smt

// CountedPiece: a piece whose iterations are all counted by one local of its statements (piece_proof.h).
//
// Tested by smt/test/loop_proof_test.cc and solved_classes_test.cc.
#pragma once

#include "smt/piece_proof.h"

namespace assay::smt {

[[nodiscard]] bool prove_counted_piece(Proving& proving, const PieceTask& task, PieceResult& result);

}  // namespace assay::smt

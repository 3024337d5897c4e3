// Package category knows what people ask for (服务类别): the tree of the 22
// official categories of volunteer service (domain.md 1.16) with the everyday
// services below them, and how to hear one of them in a sentence.
//
//	services.tsv   the tree: All, ByID, ByCode, Top, Children, Find
//	lexicon/       the words: Suggest
//
// A service's id stands in the API and the database, its code is the skill that
// the matching engine compares; neither ever changes. Some services bring a
// risk: what needs a licence or is not a volunteer's job goes to the station,
// with a sentence that says why.
//
// # How a sentence is ranked
//
// Suggest reads at most 500 characters, brings them into one form (width, case,
// traditional characters, no blanks between Chinese) and looks for the words of
// the lexicon. The longest word wins: what lies inside a longer match is not
// seen; little words may stand inside it (打个针). A match is worth its weight; a pattern of two words (灯 … 不亮) loses up
// to half of it with distance, and is not seen across the end of a sentence.
// What is denied (不是理发) counts nothing, what is over (上次) a little, what is
// wished for (想, 帮) a fifth more, an afterthought (顺便) a little less. A service
// adds up its matches, each further one for less. When nothing sure was found,
// a second reading folds characters that sound alike.
//
// The same words tell urgency, risks and for whom it is; times and the number of
// helpers have a grammar of their own. Everything is deterministic and without
// network; it only suggests, the person confirms.
package category

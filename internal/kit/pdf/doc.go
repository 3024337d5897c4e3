// Package pdf writes one-page documents with text in any script, in TrueType fonts of
// which only the glyphs that are used are embedded.
//
// It is small because it does little: text, lines, rectangles. It exists because the
// libraries at hand leave out characters without a word, or write those beyond the
// Basic Multilingual Plane (𠮷) so that they cannot be copied or searched: Missing says
// beforehand which characters no font has, and every glyph leads back to its
// character.
//
// Sources: ISO 32000-1 (PDF 1.7), 9.6 to 9.10; the OpenType specification, tables
// cmap, glyf, head, hhea, hmtx, loca, maxp.
package pdf

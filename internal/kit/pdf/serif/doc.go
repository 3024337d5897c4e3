// Package serif holds the type of printed papers: Noto Serif SC with the characters
// of GB 2312 and of the list of general use (通用规范汉字表, 8,105 characters, which
// has those of names), and from Noto Serif JP rare ones beyond the Basic Multilingual
// Plane, 𠮷 among them. Both under the SIL Open Font License 1.1 (OFL.txt).
//
// The files were cut with fontTools 4.38 from the fonts of version 0.4.3 of
// @expo-google-fonts/noto-serif-sc and -jp: without hints, without layout tables.
package serif

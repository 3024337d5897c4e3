// Package roster is the 志愿者花名册: the list of volunteers that places keep in
// spreadsheets, in and out.
//
//	upload ─▶ checking ──▶ checked ──▶ importing ──▶ done
//	              │            │
//	              ▼            ▼
//	           broken      cancelled
//
// A file is checked whole before anything is taken from it, row by row: is the ID
// number right, the phone, is the person in the file or in the house already, is
// every skill one that is known. The worker reads what is wrong and confirms.
//
// # What holds
//
//   - Before the confirmation nothing of a file is in the house. Bad rows stop the
//     confirmation unless the worker leaves them out.
//   - A row is taken whole or not at all. What is not understood in a row makes the
//     row bad, it is never dropped silently.
//   - What a volunteer has said themselves stands: of somebody who has agreed a
//     roster only fills what is empty; somebody who left or declined stays away.
//     So importing the same file again changes nothing.
//   - Imported people are pending (待本人确认) until they agree.
//   - Work goes on where it stopped, in another process too: each chunk of rows is
//     one transaction together with the mark of how far it came.
package roster

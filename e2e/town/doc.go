// Package town is a small street with everybody that an order needs, on the whole
// house: accounts that sign in, every role in three circles (here, in the next
// street, in another district), volunteers with skills, a team. Whole-house tests
// live in it; they are quicker and steadier than the demo, whose people are many.
//
//	w := town.Settle(t, d)
//	resident := w.Client(w.Serve(), "孟桂兰")
//
// People are named by their names, which are all different. Everything is as after
// a fresh start: no orders, no events but those of moving in.
package town

// Package notify tells people what concerns them 消息: somebody accepted their
// request, somebody asks for their help, the hours were recorded.
//
// A feature declares its notices as data: a Rule for an act of its events says who
// is told what. The Reader follows the events of each district with a cursor of
// its own and writes a notice for everybody who is named and has an account; who
// has none gets a call from the station instead. Nobody is told what they did
// themselves.
//
// Events are read at least once. A notice is kept once for its event and person,
// so reading an event again, after a crash or by two processes, changes nothing.
package notify

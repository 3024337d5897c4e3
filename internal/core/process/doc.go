// Package process runs the processes of the house: tables of steps, one engine.
//
// A feature writes its process down as a Table: states, and steps with the states
// they lead from and to, the permission they need, and the limit that starts when
// the new state is entered. The same table gives the buttons on the page, the
// `actions` of the API, the state diagram of the documentation and the exhaustive
// test state × step × role.
//
// Do makes one step inside the caller's transaction, always in this order:
// permission at that place, legal edge, the feature's pure check, compare-and-set
// of the row's state and version, the event, the effects. Permission comes first,
// because the refusal of a wrong edge tells the state. State is a column of the
// feature's own row; the engine keeps nothing.
package process

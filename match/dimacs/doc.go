// Package dimacs reads minimum-cost-flow problems in the exchange format of the First
// DIMACS Implementation Challenge (1990–91): one problem line "p min NODES ARCS", lines
// "n NODE SUPPLY" for the nodes with supply or, negative, demand, and one line
// "a FROM TO LOW CAPACITY COST" for each arc; "c" begins a comment. Nodes are numbered
// from 1. Files may be packed with gzip.
//
// [Read] takes any such file. [Network.Problem] makes a [match.Problem] of those that
// are matchings, and says of others why they are not. [Network.Unserved] then says
// whether a plan serves all that the network does not allow to leave.
//
// The memory that reading takes is bound by what was read, whatever the problem line
// promises.
package dimacs

// Package access says who may do what, in one table and one check.
//
// A person holds roles at places (角色). A role holds for its place and the whole
// subtree below it. A permission is given by a role, or by a relation to the
// thing itself: the person who asked for an order may read it whatever their role.
//
// The table is in table.go. Every route names one permission of it; the web layer
// asks MayAnywhere before it reads the request, the service asks Check with the
// thing's own place and relations before it changes anything.
package access

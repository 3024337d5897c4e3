// Package order is the service order 服务单 and its process:
//
//	request 点单 → verification 核实 → offers 派单 → acceptance 接单 →
//	check-in, check-out 服务 → completion → evaluation 评单
//
// Both flows of the field are this one process. A resident asks (or a family
// member or the station asks for the resident), or the worker asks at the door and
// writes the order; Source and Acting say which.
//
// Words: an offer 派单邀约 is one asking of one candidate with a deadline; a wave
// 一轮 is the offers sent together; an assignment says who serves or stands by 候补;
// an evaluation 评单 is the word of one side (resident, volunteer, station). A visit
// 上门 is one coming and going with its evidence: package visit has its rules, rows
// and codes; here are the steps that it takes in the order's process.
//
// Invariants, checked after every test (CheckOrders):
//   - taken equals the active assignments and never exceeds people_needed;
//   - an order that still looks for people has room, one that is accepted is full;
//   - offers are open only while their order looks for people;
//   - a closed order has every confirmed visit booked exactly once.
//
// Two facts that must be true together are written in one transaction: closing an
// order posts the service record and the points (package record, package points).
// Everything else that follows reads the events.
package order

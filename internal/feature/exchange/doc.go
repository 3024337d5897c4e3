// Package exchange turns points into something in the neighbourhood 兑换: a
// catalogue of rewards 兑换券, coupons, the merchants who redeem them, and what a
// place owes.
//
// A coupon is a one-time code. What people type is its number, twelve digits of
// which the last checks the others. What a phone reads is the number, place,
// merchant and last day with an Ed25519 signature over them (Signer); the key
// follows from the instance's secret and is never in the database.
//
//	take → open → redeemed          the merchant's till, once
//	            → returned          by its owner, points back
//	            → expired           nobody came, points back
//
// A till that is offline checks the signature itself, or a typed number against the
// signed list of open coupons that it fetched last, keeps what it handed over and
// sends it later. What was used twice is found when it arrives: the use stands as a
// finding, the place's rule says who bears it, and staff may settle it otherwise.
//
// Invariants: a coupon is redeemed at most once; its points are put by while it is
// open and are either used or given back, never both; stock never falls below zero;
// a use that a till sends twice counts once.
package exchange

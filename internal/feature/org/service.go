package org

import (
	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
	"linli/match"
)

// Record appends the event that every change of an organisation has.
func Record(tx *db.Tx, who access.Who, o Org, act string, data event.Data) {
	event.Append(tx, event.Event{District: o.District, Community: o.Community, Actor: who.Person,
		Act: "org." + act, Kind: "org", Subject: o.ID, Data: data})
}

// Found adds an organisation with an id, at the place that it names. Nothing but
// the name is checked: that is for whoever has a form to answer.
func Found(tx *db.Tx, who access.Who, o Org) (Org, error) {
	if o.ID == "" {
		o.ID = id.New()
	}
	o.Status, o.CreatedAt, o.Version = Active, tx.Now().UnixMilli(), 1
	if err := o.settle(tx, o.Place); err != nil {
		return o, err
	}
	Record(tx, who, o, "found", nil)
	return o, Put(tx, o)
}

// settle puts the organisation at a place.
func (o *Org) settle(tx *db.Tx, id string) error {
	at, err := place.Get(tx, id)
	if err != nil {
		return err
	}
	o.District, o.Place, o.PlacePath, o.Community, o.At = at.District, at.ID, at.Path, at.Community(), nil
	position, found, err := place.Locate(tx, at.ID)
	if found {
		o.At = &match.Point{Lat: position.Lat, Lng: position.Lng}
	}
	return err
}

// Join lets a person serve in an organisation; whoever serves in it stays.
func Join(tx *db.Tx, who access.Who, district int, org, person string) error {
	o, found, err := Get(tx, district, org)
	if err != nil {
		return err
	}
	if !found {
		return unknown()
	}
	Record(tx, who, o, "join", event.Data{"person": person})
	return AddMember(tx, district, org, person)
}

func unknown() error { return fault.NotFound("没有这支队伍或组织，可能已经解散了。") }

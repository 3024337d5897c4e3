package sms

import "context"

// Message is one text to one phone.
type Message struct {
	Phone string `json:"phone"` // 11 digits
	Text  string `json:"text"`  // whole, with the signature in 【】 in front
	Key   string `json:"key"`   // the same for every attempt at the same message
}

// Sender hands a message to whoever delivers it. An error means that it may be
// tried again with the same key.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

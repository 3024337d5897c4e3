package dispatch

// AtMost bounds how many orders a draft holds.
func (s *Service) AtMost(orders int) { s.most = orders }

// HrefIn leads back to an order after a choice.
func HrefIn(v View, orderID string) string { return hrefIn(v, orderID) }

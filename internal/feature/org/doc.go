// Package org is the organisation 组织: community organisations, registered social
// organisations, federations, agencies, units, merchants, and teams 队伍, which
// are organisations that volunteers serve in. A team has a leader, members,
// services and a capacity; it can be asked to take an order as a whole.
package org

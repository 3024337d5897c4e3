// Package credential makes and checks certificates that anyone can verify: W3C
// Verifiable Credentials 2.0 in the form of Open Badges 3.0, signed with Ed25519.
//
// Words: a document is a JSON object, read strictly; its canonical form is that of
// RFC 8785 (JCS); a proof is a signature in it (Data Integrity, cryptosuite
// eddsa-jcs-2022); the issuer is a DID, whose document lists the keys that may sign
// for it; the status list is one bit a credential, set when it is revoked (Bitstring
// Status List 1.0); a keyring is the file with the issuer's own keys.
//
// Nothing here fetches anything: who verifies brings the issuer's document and the
// status list along (Trust). What does not hold is a sentence that a person can
// understand, with the place in the document that it is about.
//
// Sources: RFC 8785; W3C Recommendations of 15 May 2025: Verifiable Credentials Data
// Model 2.0, Data Integrity 1.0, EdDSA Cryptosuites 1.0, Bitstring Status List 1.0,
// Controlled Identifiers 1.0; the methods did:web and did:key; 1EdTech Open Badges 3.0.
package credential

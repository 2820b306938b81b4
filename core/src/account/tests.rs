//! What signing in and the session promise, against a scripted server.

//! The exchange through a real SMB server that the test starts on 127.0.0.1, in folders of its
//! own.

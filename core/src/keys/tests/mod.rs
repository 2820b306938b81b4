//! What the keys room promises, against a server in memory that keeps the rules and loses replies.

mod phone;

use phone::Phone;

#[test]
fn a_first_run_has_device_family_and_key_without_any_account() {
    let phone = Phone::new(1);
    let place = phone.keys.place().unwrap();
    assert_eq!((place.device_no, place.server), (1, None));
    let devices = phone.keys.devices().unwrap();
    assert_eq!(devices.len(), 1);
    assert!(devices[0].this && !devices[0].removed);
    assert_eq!(devices[0].name, "phone 1");
    let (epoch, key) = phone.context.storage.read(|tx| super::newest_key(tx, place.space)).unwrap();
    assert_eq!(epoch, 1);
    assert_eq!(phone.context.storage.read(|tx| super::space_key(tx, place.space, 1)).unwrap(), Some(key));
    phone.context.storage.read(|tx| phone.context.sealer(tx).map(|_| ())).unwrap();
}

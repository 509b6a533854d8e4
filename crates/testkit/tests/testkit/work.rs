//! Counted work of a check, kept as a snapshot: a change that makes the examples costlier shows in
//! the diff. `UPDATE_SNAPSHOTS=1` writes it anew.

use std::fs;
use std::path::Path;

use check::ConfigFile;

#[test]
fn the_examples_cost_what_they_did() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::from("boxes of packets made by the attacks of one check\n");
    for example in ["ipvpn-separate-yamaha", "ipvpn-separate-linux"] {
        let folder = root.join("../../examples").join(example);
        let loaded = check::load("site.toml", &fs::read(folder.join("site.toml")).unwrap());
        let files: Vec<ConfigFile> = loaded
            .files()
            .into_iter()
            .map(|name| {
                let content =
                    fs::read(folder.join(&name)).map_err(|error| diag::os_error(&error).into());
                ConfigFile { shown: name.clone(), name, content }
            })
            .collect();
        text += &format!("{example} {}\n", check::check(loaded, &files, None).work);
    }
    let path = root.join("tests/snapshots/work.txt");
    if std::env::var("UPDATE_SNAPSHOTS").is_ok() {
        fs::create_dir_all(root.join("tests/snapshots")).unwrap();
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "see UPDATE_SNAPSHOTS");
}

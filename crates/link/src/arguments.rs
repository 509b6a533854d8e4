//! What is said when arguments cannot be used, and help. It is the same in every binary.

use std::io::{self, ErrorKind, Write};

/// Exit code for arguments that cannot be used, and for help that could not be written.
const UNUSABLE: u8 = 3;

/// Prints what the parser of the arguments has to say and gives the exit code: 0 for help. A
/// reader that went away while it was printed is no fault.
#[must_use]
pub fn printed(error: &clap::Error) -> u8 {
    let is_mistake = error.use_stderr();
    let text = error.render().ansi().to_string();
    // It repeats what was written on the command line.
    let text = display::terminal(&text);
    let written = if is_mistake {
        write(anstream::stderr(), &text)
    } else {
        write(anstream::stdout(), &text)
    };
    match written {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => UNUSABLE,
        _ => {
            if is_mistake {
                UNUSABLE
            } else {
                0
            }
        }
    }
}

fn write(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

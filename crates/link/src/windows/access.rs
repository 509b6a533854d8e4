//! Access lists of folders and shares, and the members of the administrators' group.

use std::ffi::{OsStr, c_void};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::NetworkManagement::NetManagement::{
    LOCALGROUP_MEMBERS_INFO_3, MAX_PREFERRED_LENGTH, NetApiBufferFree, NetLocalGroupGetMembers,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSidToSidW, GetNamedSecurityInfoW, SE_FILE_OBJECT,
};
use windows_sys::Win32::Security::{
    ACCESS_ALLOWED_ACE, ACE_HEADER, ACL, DACL_SECURITY_INFORMATION, GetAce,
    GetSecurityDescriptorDacl, LookupAccountSidW, PSID,
};
use windows_sys::Win32::Storage::FileSystem::{NetShareEnum, SHARE_INFO_502};

/// Rights with which somebody changes what stands in a folder, or the list itself: to make, to
/// append, to delete, to write the list, to become the owner; everything; to write.
const WRITES: u32 = 0x2 | 0x4 | 0x40 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x1000_0000 | 0x4000_0000;
/// Rights with which somebody sees names or contents.
const READS: u32 = 0x1 | 0x1000_0000 | 0x8000_0000;
const ALLOWED: u8 = 0;
const DENIED: u8 = 1;
/// An entry that concerns only what is made inside.
const INHERIT_ONLY: u8 = 0x8;
/// The administrators' group, whatever it is called in the language of the machine.
const ADMINISTRATORS: &str = "S-1-5-32-544";
/// Characters of an account's name and of its domain's.
const NAME_CHARS: usize = 512;

/// What somebody may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Grant {
    /// The account, in the form `S-1-…`.
    pub(crate) sid: String,
    /// What it is called, if the machine knows.
    pub(crate) name: Option<String>,
    /// Whether it may change something.
    pub(crate) writes: bool,
    /// Whether it may look.
    pub(crate) reads: bool,
}

impl Grant {
    /// Its name, else its identifier.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.sid)
    }
}

/// An access list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// Those who are allowed something.
    List(Vec<Grant>),
    /// There is none: everybody may do everything.
    NoList,
}

/// The access list of a folder.
pub(crate) fn of_folder(path: &Path) -> io::Result<Access> {
    let name = wide(path.as_os_str());
    let mut list: *mut ACL = null_mut();
    let mut descriptor: *mut c_void = null_mut();
    // SAFETY: the name ends with a zero; the two results are written by the call.
    let code = unsafe {
        GetNamedSecurityInfoW(
            name.as_ptr(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            &raw mut list,
            null_mut(),
            &raw mut descriptor,
        )
    };
    check(code)?;
    // SAFETY: the list lies in the descriptor, which is freed only below.
    let access = unsafe { read(list) };
    // SAFETY: the call above allocated it so.
    unsafe { LocalFree(descriptor) };
    Ok(access)
}

/// The shares that lead to one of the folders or above it, with their access lists.
pub(crate) fn shares<'a>(
    folders: impl Iterator<Item = &'a Path>,
) -> io::Result<Vec<(String, Access)>> {
    let folders: Vec<PathBuf> = folders.map(plain).collect();
    let (mut buffer, mut count, mut total) = (null_mut::<u8>(), 0, 0);
    // SAFETY: all results are written by the call, which allocates the buffer.
    let code = unsafe {
        let (count, total) = (&raw mut count, &raw mut total);
        NetShareEnum(null(), 502, &raw mut buffer, MAX_PREFERRED_LENGTH, count, total, null_mut())
    };
    check(code)?;
    let mut found = Vec::new();
    for at in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: the buffer holds so many of these structures; they are read before it is freed.
        unsafe {
            let share = &*buffer.cast::<SHARE_INFO_502>().add(at);
            let path = plain(Path::new(&text(share.shi502_path)));
            let is_ours = folders.iter().any(|folder| folder.starts_with(&path));
            if is_ours && !share.shi502_security_descriptor.is_null() {
                let access = of_descriptor(share.shi502_security_descriptor);
                found.push((text(share.shi502_netname), access));
            }
        }
    }
    // SAFETY: the call above allocated it.
    unsafe { NetApiBufferFree(buffer.cast()) };
    Ok(found)
}

/// Who administers this machine.
pub(crate) fn administrators() -> io::Result<Vec<String>> {
    let group = wide(OsStr::new(&administrators_name()?));
    let (mut buffer, mut count, mut total) = (null_mut::<u8>(), 0, 0);
    // SAFETY: the name ends with a zero; the results are written by the call.
    let code = unsafe {
        let (count, total) = (&raw mut count, &raw mut total);
        NetLocalGroupGetMembers(
            null(),
            group.as_ptr(),
            3,
            &raw mut buffer,
            MAX_PREFERRED_LENGTH,
            count,
            total,
            null_mut(),
        )
    };
    check(code)?;
    // SAFETY: the buffer holds so many of these structures, and is freed only afterwards.
    let names = unsafe {
        let members = buffer.cast::<LOCALGROUP_MEMBERS_INFO_3>();
        let names = (0..usize::try_from(count).unwrap_or(0))
            .map(|at| text((*members.add(at)).lgrmi3_domainandname))
            .collect();
        NetApiBufferFree(buffer.cast());
        names
    };
    Ok(names)
}

/// The name without its domain.
fn administrators_name() -> io::Result<String> {
    let sid = wide(OsStr::new(ADMINISTRATORS));
    let mut group: PSID = null_mut();
    // SAFETY: the text ends with a zero; the call allocates the result.
    if unsafe { ConvertStringSidToSidW(sid.as_ptr(), &raw mut group) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the identifier was just made and is freed only here.
    let name = unsafe {
        let name = account(group);
        LocalFree(group);
        name
    };
    let name = name.ok_or(io::ErrorKind::NotFound)?;
    Ok(name.rsplit('\\').next().unwrap_or(&name).to_owned())
}

/// # Safety
/// The descriptor is whole and stays as long as this runs.
unsafe fn of_descriptor(descriptor: *mut c_void) -> Access {
    let (mut is_there, mut is_default, mut list) = (0, 0, null_mut::<ACL>());
    // SAFETY: as the caller promises; the results are written by the call.
    unsafe {
        let (is_there, is_default) = (&raw mut is_there, &raw mut is_default);
        GetSecurityDescriptorDacl(descriptor, is_there, &raw mut list, is_default);
    }
    if is_there == 0 {
        return Access::NoList;
    }
    // SAFETY: the list lies in the descriptor.
    unsafe { read(list) }
}

/// Reads a list. What an account is denied before it is allowed does not count as allowed.
///
/// # Safety
/// The list is null or whole, and stays as long as this runs.
unsafe fn read(list: *const ACL) -> Access {
    if list.is_null() {
        return Access::NoList;
    }
    let mut grants: Vec<Grant> = Vec::new();
    let mut denied: Vec<(String, u32)> = Vec::new();
    // SAFETY: the list is whole; `GetAce` gives entries inside it, and both kinds that are looked
    // into have the form of `ACCESS_ALLOWED_ACE`, whose identifier begins at `SidStart`.
    unsafe {
        for at in 0..u32::from((*list).AceCount) {
            let mut entry: *mut c_void = null_mut();
            if GetAce(list, at, &raw mut entry) == 0 {
                continue;
            }
            let ACE_HEADER { AceType: kind, AceFlags: flags, .. } = *entry.cast::<ACE_HEADER>();
            if !matches!(kind, ALLOWED | DENIED) || flags & INHERIT_ONLY != 0 {
                continue;
            }
            let entry = entry.cast::<ACCESS_ALLOWED_ACE>();
            let account_of: PSID = (&raw mut (*entry).SidStart).cast();
            let Some(sid) = written(account_of) else { continue };
            let mask = (*entry).Mask;
            if kind == DENIED {
                denied.push((sid, mask));
                continue;
            }
            let refused = denied.iter().filter(|(other, _)| *other == sid);
            let mask = refused.fold(mask, |mask, (_, refused)| mask & !refused);
            let (writes, reads) = (mask & WRITES != 0, mask & READS != 0);
            match grants.iter_mut().find(|grant| grant.sid == sid) {
                Some(grant) => {
                    grant.writes |= writes;
                    grant.reads |= reads;
                }
                None => grants.push(Grant { name: account(account_of), sid, writes, reads }),
            }
        }
    }
    Access::List(grants)
}

/// # Safety
/// The identifier is whole.
unsafe fn written(sid: PSID) -> Option<String> {
    let mut buffer: *mut u16 = null_mut();
    // SAFETY: as the caller promises; the call allocates the text, which is copied and freed.
    unsafe {
        if ConvertSidToStringSidW(sid, &raw mut buffer) == 0 {
            return None;
        }
        let sid = text(buffer);
        LocalFree(buffer.cast());
        Some(sid)
    }
}

/// `DOMAIN\name` of an account.
///
/// # Safety
/// The identifier is whole.
unsafe fn account(sid: PSID) -> Option<String> {
    let (mut name, mut domain) = ([0_u16; NAME_CHARS], [0_u16; NAME_CHARS]);
    let chars = u32::try_from(NAME_CHARS).expect("few");
    let (mut name_chars, mut domain_chars, mut kind) = (chars, chars, 0);
    // SAFETY: as the caller promises; the buffers are as long as is said, and end with a zero.
    unsafe {
        let is_found = LookupAccountSidW(
            null(),
            sid,
            name.as_mut_ptr(),
            &raw mut name_chars,
            domain.as_mut_ptr(),
            &raw mut domain_chars,
            &raw mut kind,
        );
        if is_found == 0 {
            return None;
        }
        let (name, domain) = (text(name.as_ptr()), text(domain.as_ptr()));
        Some(if domain.is_empty() { name } else { format!("{domain}\\{name}") })
    }
}

fn check(code: u32) -> io::Result<()> {
    match i32::try_from(code) {
        Ok(0) => Ok(()),
        Ok(code) => Err(io::Error::from_raw_os_error(code)),
        Err(_) => Err(io::ErrorKind::Other.into()),
    }
}

/// A path as it is compared with others: without the mark of long ones, in small letters.
fn plain(path: &Path) -> PathBuf {
    let text = path.to_string_lossy().to_lowercase();
    PathBuf::from(text.strip_prefix(r"\\?\").unwrap_or(&text))
}

fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}

/// # Safety
/// The text is null or ends with a zero.
unsafe fn text(start: *const u16) -> String {
    if start.is_null() {
        return String::new();
    }
    let mut units = Vec::new();
    // SAFETY: nothing behind the zero is read.
    unsafe {
        while *start.add(units.len()) != 0 {
            units.push(*start.add(units.len()));
        }
    }
    String::from_utf16_lossy(&units)
}

//! Zip archives as far as backups need them: reading files that are stored or deflated, writing stored ones. The
//! directory is read here rather than by a library since that is a tenth of the size in the page; what unpacks is
//! `miniz_oxide`, and the tests hold both ways against the `zip` crate.

use super::problem::Problem;

/// The most that one file may unpack to: a record of an application is a few hundred kB at most.
const MOST: u32 = 64 * 1024 * 1024;
const END: u32 = 0x0605_4b50;
const ENTRY: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
/// 1 January 1980, the first day that a zip can name: a backup's time is in its manifest.
const FIRST_DAY: u16 = 0x21;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;

/// A file in an archive, by the archive's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name with its folders.
    pub name: String,
    /// How many bytes it unpacks to.
    pub size: u32,
    packed: u32,
    deflated: bool,
    crc: u32,
    offset: u32,
}

fn slice(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], Problem> {
    at.checked_add(length).and_then(|end| bytes.get(at..end)).ok_or(Problem::NoArchive)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Problem> {
    let two = slice(bytes, at, 2)?;
    Ok(u16::from_le_bytes(two.try_into().map_err(|_| Problem::NoArchive)?))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Problem> {
    let four = slice(bytes, at, 4)?;
    Ok(u32::from_le_bytes(four.try_into().map_err(|_| Problem::NoArchive)?))
}

/// The files of an archive, in the order of its directory; folders are excluded.
pub fn files(bytes: &[u8]) -> Result<Vec<File>, Problem> {
    // The end record is 22 bytes and a comment of at most 65,535.
    let last = bytes.len().checked_sub(22).ok_or(Problem::NoArchive)?;
    let end = (last.saturating_sub(usize::from(u16::MAX))..=last)
        .rev()
        .find(|at| u32_at(bytes, *at) == Ok(END))
        .ok_or(Problem::NoArchive)?;
    let count = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)? as usize;
    if count == u16::MAX || at == u32::MAX as usize {
        return Err(Problem::TooLarge);
    }
    let mut files = Vec::new();
    for _ in 0..count {
        if u32_at(bytes, at)? != ENTRY {
            return Err(Problem::NoArchive);
        }
        let length = |place| u16_at(bytes, at + place).map(usize::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let method = u16_at(bytes, at + 10)?;
        let encrypted = u16_at(bytes, at + 8)? & 1 == 1;
        let file = File {
            name: String::from_utf8_lossy(slice(bytes, at + 46, name)?).into_owned(),
            size: u32_at(bytes, at + 24)?,
            packed: u32_at(bytes, at + 20)?,
            deflated: method == 8,
            crc: u32_at(bytes, at + 16)?,
            offset: u32_at(bytes, at + 42)?,
        };
        if encrypted || !matches!(method, 0 | 8) || file.size > MOST && file.deflated {
            return Err(Problem::File(file.name));
        }
        at += 46 + name + extra + comment;
        if !file.name.ends_with('/') {
            files.push(file);
        }
    }
    Ok(files)
}

impl File {
    /// Its bytes, unpacked and held against the checksum of the directory.
    pub fn read(&self, archive: &[u8]) -> Result<Vec<u8>, Problem> {
        self.unpacked(archive).ok_or_else(|| Problem::File(self.name.clone()))
    }

    fn unpacked(&self, archive: &[u8]) -> Option<Vec<u8>> {
        let at = self.offset as usize;
        if u32_at(archive, at).ok()? != LOCAL {
            return None;
        }
        let names = usize::from(u16_at(archive, at + 26).ok()?) + usize::from(u16_at(archive, at + 28).ok()?);
        let packed = slice(archive, at + 30 + names, self.packed as usize).ok()?;
        let bytes = if self.deflated {
            miniz_oxide::inflate::decompress_to_vec_with_limit(packed, self.size as usize).ok()?
        } else {
            packed.to_vec()
        };
        (bytes.len() == self.size as usize && crc(&bytes) == self.crc).then_some(bytes)
    }
}

/// Packs files into an archive as they are: the large one is a packed archive already.
pub fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Problem> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in files {
        let offset = u32::try_from(archive.len()).map_err(|_| Problem::TooLarge)?;
        let size = u32::try_from(bytes.len()).map_err(|_| Problem::TooLarge)?;
        let length = u16::try_from(name.len()).map_err(|_| Problem::TooLarge)?;
        let mut common = Vec::with_capacity(26);
        for half in [20, UTF8, 0, 0, FIRST_DAY] {
            common.extend_from_slice(&half.to_le_bytes());
        }
        for word in [crc(bytes), size, size] {
            common.extend_from_slice(&word.to_le_bytes());
        }
        common.extend_from_slice(&length.to_le_bytes());
        common.extend_from_slice(&[0; 2]);
        archive.extend_from_slice(&LOCAL.to_le_bytes());
        archive.extend_from_slice(&common);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(bytes);
        directory.extend_from_slice(&ENTRY.to_le_bytes());
        directory.extend_from_slice(&20_u16.to_le_bytes());
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let at = u32::try_from(archive.len()).map_err(|_| Problem::TooLarge)?;
    let length = u32::try_from(directory.len()).map_err(|_| Problem::TooLarge)?;
    let count = u16::try_from(files.len()).map_err(|_| Problem::TooLarge)?;
    archive.append(&mut directory);
    archive.extend_from_slice(&END.to_le_bytes());
    archive.extend_from_slice(&[0; 4]);
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&length.to_le_bytes());
    archive.extend_from_slice(&at.to_le_bytes());
    archive.extend_from_slice(&[0; 2]);
    Ok(archive)
}

/// The checksum of zip archives, four bits at a time: a table of a byte's would be 1 kB that packs badly.
fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut at = 0;
        while at < 16 {
            #[expect(clippy::cast_possible_truncation, reason = "below 16")]
            let mut value = at as u32;
            let mut bit = 0;
            while bit < 4 {
                value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[at] = value;
            at += 1;
        }
        table
    };
    let step = |crc: u32, bits: u32| TABLE[((crc ^ bits) & 15) as usize] ^ (crc >> 4);
    !bytes.iter().fold(!0, |crc, byte| {
        let byte = u32::from(*byte);
        step(step(crc, byte), byte >> 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{Cursor, Read, Write};

    fn theirs(files: &[(String, Vec<u8>)], method: zip::CompressionMethod) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        for (name, bytes) in files {
            writer.start_file(name.as_str(), options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn what_another_packed_is_read_and_what_is_packed_here_another_reads(
            contents in prop::collection::vec(prop::collection::vec(0_u8..8, 0..600), 0..5),
        ) {
            let files: Vec<_> =
                contents.into_iter().enumerate().map(|(at, bytes)| (format!("d/ü{at}.json"), bytes)).collect();
            for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
                let archive = theirs(&files, method);
                let read = super::files(&archive).unwrap();
                let read: Vec<_> =
                    read.iter().map(|file| (file.name.clone(), file.read(&archive).unwrap())).collect();
                prop_assert_eq!(&read, &files);
            }
            let archive = pack(&files).unwrap();
            let mut reader = zip::ZipArchive::new(Cursor::new(&archive)).unwrap();
            prop_assert_eq!(reader.len(), files.len());
            for (at, (_, bytes)) in files.iter().enumerate() {
                let mut read = Vec::new();
                reader.by_index(at).unwrap().read_to_end(&mut read).unwrap();
                prop_assert_eq!(&read, bytes);
            }
        }

        #[test]
        fn an_archive_that_was_damaged_never_panics_and_never_reads_as_it_was(at in 0_usize..400, bit in 0_u8..8) {
            let files = vec![("a/b.json".to_owned(), vec![7; 300])];
            let mut archive = theirs(&files, zip::CompressionMethod::Deflated);
            let at = at % archive.len();
            archive[at] ^= 1 << bit;
            if let Ok(found) = super::files(&archive) {
                for file in found {
                    if let Ok(bytes) = file.read(&archive) {
                        prop_assert_eq!(&bytes, &files[0].1);
                    }
                }
            }
        }
    }

    #[test]
    fn an_archive_that_was_written_as_a_stream_is_read_as_servers_write_it() {
        // The sizes stand after each file and in the directory, not before the file.
        let mut writer = zip::ZipWriter::new_stream(Vec::new());
        let options = zip::write::SimpleFileOptions::default();
        writer.add_directory("default", options).unwrap();
        writer.start_file("default/orders.json", options).unwrap();
        writer.write_all(&[b'x'; 500]).unwrap();
        let archive = writer.finish().unwrap().into_inner();
        let found = files(&archive).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].read(&archive).unwrap(), [b'x'; 500]);
    }

    #[test]
    fn what_is_no_archive_says_so() {
        assert_eq!(files(b""), Err(Problem::NoArchive));
        assert_eq!(files(&[b'P'; 5000]), Err(Problem::NoArchive));
    }
}

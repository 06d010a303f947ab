//! Batches in memory: columns that are read and columns that are built, after docs/plugin-abi.md, and the host's `alloc`.
//! It is a part of quern.rs, which tells how to use it.

use std::alloc::{alloc, Layout};
use std::ptr::null;

/// A batch, as the host writes it; its columns follow it.
#[repr(C)]
pub struct Batch {
    rows: u32,
    columns: u32,
    states: *const i32,
    state: i32,
}

impl Batch {
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// # Safety
    /// The batch is the host's, and has a column of this index.
    pub unsafe fn column(&self, index: usize) -> Column {
        *((self as *const Batch).add(1) as *const Column).add(index)
    }
}

/// A column, as the host writes it and takes it.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Column {
    rows: u32,
    nulls: u32,
    valid: *const u8,
    offsets: *const i32,
    data: *const u8,
    children: *const Column,
    child_count: u32,
    constant: u32,
}

// The host gives columns whose buffers hold all their rows, so that these read what is there for a row of the batch.
impl Column {
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls != 0 && unsafe { !bit(self.valid, self.place(row)) }
    }

    /// The row of the buffers that a row is in: the first, when it is one value for all.
    pub(super) fn place(&self, row: usize) -> usize {
        if self.constant != 0 { 0 } else { row }
    }

    pub(super) fn range(&self, row: usize) -> (usize, usize) {
        let at = unsafe { self.offsets.add(self.place(row)) };
        unsafe { (*at as usize, *at.add(1) as usize) }
    }

    pub(super) fn bytes(&self, row: usize) -> &[u8] {
        let (from, to) = self.range(row);
        unsafe { bytes_at(self.data.add(from), to - from) }
    }

    pub(super) fn child(&self, index: usize) -> &Column {
        unsafe { &*self.children.add(index) }
    }

    /// # Safety
    /// The values of the column have this type.
    pub(super) unsafe fn fixed<T: Copy>(&self, row: usize) -> T {
        *(self.data as *const T).add(self.place(row))
    }

    pub(super) fn truth(&self, row: usize) -> bool {
        unsafe { bit(self.data, self.place(row)) }
    }
}

unsafe fn bit(bits: *const u8, index: usize) -> bool {
    *bits.add(index >> 3) >> (index & 7) & 1 != 0
}

/// # Safety
/// The bytes are in this module's memory and stay as they are during the call.
pub unsafe fn bytes_at<'a>(pointer: *const u8, length: usize) -> &'a [u8] {
    // Empty text may have any address, which a slice may not.
    if length == 0 { &[] } else { std::slice::from_raw_parts(pointer, length) }
}

/// # Safety
/// As for `bytes_at`.
pub unsafe fn text_at<'a>(pointer: *const u8, length: usize) -> &'a str {
    text_of(bytes_at(pointer, length))
}

/// The host passes a VARCHAR as UTF-8; the call ends for anything else.
pub(super) fn text_of(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => std::process::abort(),
    }
}

/// Sixteen bytes, aligned as the host wants values of any width.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub struct Block(pub [u8; 16]);

/// Bytes that only grow, with the same in all of them that nobody wrote.
struct Buffer {
    blocks: Vec<Block>,
    blank: u8,
}

impl Buffer {
    const fn new(blank: u8) -> Buffer {
        Buffer { blocks: Vec::new(), blank }
    }

    /// Room for so many bytes.
    fn reserve(&mut self, size: usize) -> *mut u8 {
        if size > self.blocks.len() * 16 {
            self.grow(size);
        }
        self.blocks.as_mut_ptr() as *mut u8
    }

    #[cold]
    fn grow(&mut self, size: usize) {
        let have = self.blocks.len();
        let wanted = (size / 16 + 1).max(have + have / 2).max(16);
        self.blocks.reserve_exact(wanted - have);
        self.blocks.resize(wanted, Block([self.blank; 16]));
    }
}

/// A column that is being built; its buffers are kept from batch to batch.
pub struct Builder {
    header: Column,
    rows: usize,
    nulls: usize,
    used: usize,
    /// Bytes of a value of fixed width, once one was put.
    width: usize,
    /// Whether rows are ranges of the child, and how many rows of each child belong to a row otherwise.
    pub(super) list: bool,
    pub(super) each: usize,
    valid: Buffer,
    offsets: Buffer,
    data: Buffer,
    children: Vec<Builder>,
    records: Vec<Column>,
}

const NO_COLUMN: Column = Column {
    rows: 0,
    nulls: 0,
    valid: null(),
    offsets: null(),
    data: null(),
    children: null(),
    child_count: 0,
    constant: 0,
};

impl Builder {
    pub const fn new() -> Builder {
        Builder {
            header: NO_COLUMN,
            rows: 0,
            nulls: 0,
            used: 0,
            width: 0,
            list: false,
            each: 0,
            // All ones but where a row is NULL, so that a row with a value touches no bitmap.
            valid: Buffer::new(255),
            offsets: Buffer::new(0),
            data: Buffer::new(0),
            children: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Forgets the rows.
    pub fn begin(&mut self) {
        if self.nulls > 0 {
            self.valid.blocks.fill(Block([255; 16]));
        }
        self.rows = 0;
        self.nulls = 0;
        self.used = 0;
        unsafe { *(self.offsets.reserve(4) as *mut i32) = 0 };
        self.children.iter_mut().for_each(Builder::begin);
    }

    pub(super) fn child(&mut self, index: usize) -> &mut Builder {
        while self.children.len() <= index {
            self.children.push(Builder::new());
            self.children[index].begin();
        }
        &mut self.children[index]
    }

    /// Ends a row of bytes, or one whose values were put into the children.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        if self.width == 0 {
            let end = if self.list { self.children[0].rows } else { self.used };
            let offsets = self.offsets.reserve((self.rows + 1) * 4) as *mut i32;
            unsafe { *offsets.add(self.rows) = end as i32 };
        }
    }

    pub fn put_null(&mut self) {
        let row = self.rows;
        unsafe { *self.valid.reserve(row / 8 + 1).add(row / 8) &= !(1 << (row & 7)) };
        self.nulls += 1;
        for child in &mut self.children {
            (0..self.each).for_each(|_| child.put_null());
        }
        self.end_row();
    }

    pub(super) fn put_fixed<T: Copy>(&mut self, value: T) {
        self.width = std::mem::size_of::<T>();
        let data = self.data.reserve((self.rows + 1) * self.width) as *mut T;
        unsafe { *data.add(self.rows) = value };
        self.rows += 1;
    }

    pub(super) fn put_bool(&mut self, value: bool) {
        self.width = 1;
        let (at, bit) = (self.rows / 8, self.rows & 7);
        unsafe {
            let byte = self.data.reserve(at + 1).add(at);
            *byte = *byte & !(1 << bit) | (value as u8) << bit;
        }
        self.rows += 1;
    }

    pub(super) fn put_bytes(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        unsafe {
            let to = self.data.reserve(end).add(self.used);
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        }
        self.used = end;
        self.end_row();
    }

    /// The column, once all rows are there; it stays until `begin`.
    pub fn finish(&mut self) -> *const Column {
        self.records.clear();
        for child in &mut self.children {
            self.records.push(unsafe { *child.finish() });
        }
        // A column of NULLs alone has not met its type yet: none is wider than 16 bytes.
        let unknown = if self.children.is_empty() && self.used == 0 { 16 } else { 0 };
        let width = if self.width > 0 { self.width } else { unknown };
        let valid = self.valid.reserve(self.rows / 8 + 1);
        self.header = Column {
            rows: self.rows as u32,
            nulls: self.nulls as u32,
            valid: if self.nulls > 0 { valid } else { null() },
            offsets: self.offsets.reserve(4) as *const i32,
            data: self.data.reserve(self.rows * width + 1),
            children: self.records.as_ptr(),
            child_count: self.records.len() as u32,
            constant: 0,
        };
        &self.header
    }
}

/// Room for the host's arguments; 0 when there is none.
#[export_name = "alloc"]
extern "C" fn host_alloc(size: usize) -> *mut u8 {
    match Layout::from_size_align(size.max(1), 16) {
        Ok(layout) => unsafe { alloc(layout) },
        Err(_) => std::ptr::null_mut(),
    }
}

/// Takes back what `alloc` gave. The library of WASI has a `free` of another type, and the host does without.
#[cfg(not(target_os = "wasi"))]
#[export_name = "free"]
unsafe extern "C" fn host_free(pointer: *mut u8, size: usize) {
    std::alloc::dealloc(pointer, Layout::from_size_align_unchecked(size.max(1), 16));
}

//! Which types of Rust stand for which of SQL, as parameters and as results, in both forms. It is a part of quern.rs.

use super::columns::*;
use std::ptr::addr_of_mut;

/// An INTERVAL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
    pub micros: i64,
}

/// What a function can take.
pub trait Argument<'a>: Sized {
    const TAKES_NULL: bool = false;
    fn get(column: &'a Column, row: usize) -> Self;
}

/// A value inside another; ends the call for a NULL that its type does not take.
fn inner<'a, T: Argument<'a>>(column: &'a Column, row: usize) -> T {
    if !T::TAKES_NULL && column.is_null(row) {
        std::process::abort();
    }
    T::get(column, row)
}

impl<'a, T: Argument<'a>> Argument<'a> for Option<T> {
    const TAKES_NULL: bool = true;
    fn get(column: &'a Column, row: usize) -> Self {
        if column.is_null(row) { None } else { Some(T::get(column, row)) }
    }
}

impl<'a> Argument<'a> for &'a str {
    fn get(column: &'a Column, row: usize) -> Self {
        text_of(column.bytes(row))
    }
}

impl<'a> Argument<'a> for String {
    fn get(column: &'a Column, row: usize) -> Self {
        text_of(column.bytes(row)).to_string()
    }
}

impl<'a> Argument<'a> for &'a [u8] {
    fn get(column: &'a Column, row: usize) -> Self {
        column.bytes(row)
    }
}

impl<'a> Argument<'a> for bool {
    fn get(column: &'a Column, row: usize) -> Self {
        column.truth(row)
    }
}

impl<'a, T: Argument<'a> + Element> Argument<'a> for Vec<T> {
    fn get(column: &'a Column, row: usize) -> Self {
        let (from, to) = column.range(row);
        (from..to).map(|i| inner(column.child(0), i)).collect()
    }
}

impl<'a, T: Argument<'a> + Element, const N: usize> Argument<'a> for [T; N] {
    fn get(column: &'a Column, row: usize) -> Self {
        let mut next = column.place(row) * N;
        [(); N].map(|_| {
            next += 1;
            inner(column.child(0), next - 1)
        })
    }
}

/// What a function can give.
pub trait Output {
    /// Tells a column what it is made of, once for each batch.
    fn shape(_out: &mut Builder) {}
    fn put(self, out: &mut Builder);
}

impl<T: Output> Output for Option<T> {
    fn shape(out: &mut Builder) {
        T::shape(out);
    }
    fn put(self, out: &mut Builder) {
        match self {
            Some(value) => value.put(out),
            None => out.put_null(),
        }
    }
}

impl Output for bool {
    fn put(self, out: &mut Builder) {
        out.put_bool(self);
    }
}

impl<T: Output + Element> Output for Vec<T> {
    fn shape(out: &mut Builder) {
        out.list = true;
        T::shape(out.child(0));
    }
    fn put(self, out: &mut Builder) {
        let child = out.child(0);
        self.into_iter().for_each(|value| value.put(child));
        out.end_row();
    }
}

impl<T: Output + Element, const N: usize> Output for [T; N] {
    fn shape(out: &mut Builder) {
        out.each = N;
        T::shape(out.child(0));
    }
    fn put(self, out: &mut Builder) {
        let child = out.child(0);
        self.into_iter().for_each(|value| value.put(child));
        out.end_row();
    }
}

/// What an element of a list or an array can be: anything but a `u8`, since bytes are a BLOB, and 16 of them a UUID.
pub trait Element {}
impl<T> Element for Option<T> {}
impl<T> Element for Vec<T> {}
impl<T, const N: usize> Element for [T; N] {}

/// A parameter of the row form that is one WebAssembly value.
pub trait RowArgument {
    type Row;
    /// # Safety
    /// What is a pointer is one to a value in this module's memory.
    unsafe fn from_row(row: Self::Row) -> Self;
}

/// A result of the row form.
pub trait RowOutput {
    type Row;
    fn into_row(self) -> Self::Row;
}

/// Text or bytes; what they own stays until the next result.
pub trait Bytes {
    fn keep(self) -> (*const u8, usize);
}

impl<T: Bytes> RowOutput for Option<T> {
    type Row = u64;
    fn into_row(self) -> u64 {
        // NULL has the length -1.
        self.map_or(u64::from(u32::MAX) << 32, packed)
    }
}

fn packed<T: Bytes>(value: T) -> u64 {
    let (pointer, length) = value.keep();
    (length as u64) << 32 | pointer as usize as u64
}

static mut KEPT_BYTES: Vec<u8> = Vec::new();
static mut KEPT_WIDE: Block = Block([0; 16]);

macro_rules! each_bytes {
    ($([$($lifetime:lifetime)?] $type:ty, $value:ident => $borrowed:expr, $kept:expr;)*) => {$(
        impl<$($lifetime)?> Output for $type {
            fn put(self, out: &mut Builder) {
                let $value = self;
                out.put_bytes($borrowed);
            }
        }
        impl<$($lifetime)?> RowOutput for $type {
            type Row = u64;
            fn into_row(self) -> u64 {
                packed(self)
            }
        }
        impl<$($lifetime)?> Bytes for $type {
            fn keep(self) -> (*const u8, usize) {
                let $value = self;
                let bytes: &[u8] = $kept;
                (bytes.as_ptr(), bytes.len())
            }
        }
    )*};
}

each_bytes! {
    ['a] &'a str, value => value.as_bytes(), value.as_bytes();
    ['a] &'a [u8], value => value, value;
    [] String, value => value.as_bytes(), kept(value.into_bytes());
    [] Vec<u8>, value => &value, kept(value);
}

fn kept(bytes: Vec<u8>) -> &'static [u8] {
    // The host takes one result before it makes the next call.
    unsafe {
        *addr_of_mut!(KEPT_BYTES) = bytes;
        &*addr_of_mut!(KEPT_BYTES)
    }
}

/// Types of fixed width: what the row form passes, how it comes, and how it goes.
macro_rules! each_fixed {
    ($($type:ty, $row:ty, $from:expr, $into:expr;)*) => {$(
        impl<'a> Argument<'a> for $type {
            fn get(column: &'a Column, row: usize) -> Self {
                unsafe { column.fixed(row) }
            }
        }
        impl Output for $type {
            fn put(self, out: &mut Builder) {
                out.put_fixed(self);
            }
        }
        impl RowArgument for $type {
            type Row = $row;
            unsafe fn from_row(row: $row) -> Self {
                $from(row)
            }
        }
        impl RowOutput for $type {
            type Row = $row;
            fn into_row(self) -> $row {
                $into(self)
            }
        }
    )*};
    (value $($type:ty)*) => { each_fixed! { $($type, $type, |row| row, |value| value;)* } };
    (wide $($type:ty)*) => { each_fixed! { $($type, *const $type, |row: *const $type| row.read_unaligned(), kept_wide;)* } };
}
each_fixed! { value i8 i16 i32 i64 u16 u32 u64 f32 f64 u8 }
each_fixed! { wide i128 u128 Interval Uuid }

/// A UUID, most significant byte first.
pub type Uuid = [u8; 16];

fn kept_wide<T: Copy>(value: T) -> *const T {
    unsafe {
        let room = addr_of_mut!(KEPT_WIDE) as *mut T;
        room.write_unaligned(value);
        room
    }
}

impl RowArgument for bool {
    type Row = i32;
    unsafe fn from_row(row: i32) -> bool {
        row != 0
    }
}

impl RowOutput for bool {
    type Row = i32;
    fn into_row(self) -> i32 {
        self as i32
    }
}

macro_rules! elements {
    ($($type:ty)*) => { $(impl Element for $type {})* };
}
elements! { bool i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 Interval &str &[u8] String }

/// A STRUCT is a tuple of its fields.
macro_rules! structs {
    ($($($T:ident $i:tt)*;)*) => {$(
        impl<$($T),*> Element for ($($T,)*) {}
        impl<'a, $($T: Argument<'a>),*> Argument<'a> for ($($T,)*) {
            fn get(column: &'a Column, row: usize) -> Self {
                let row = column.place(row);
                ($(inner::<$T>(column.child($i), row),)*)
            }
        }
        impl<$($T: Output),*> Output for ($($T,)*) {
            fn shape(out: &mut Builder) {
                out.each = 1;
                $($T::shape(out.child($i));)*
            }
            fn put(self, out: &mut Builder) {
                $(self.$i.put(out.child($i));)*
                out.end_row();
            }
        }
    )*};
}
structs! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
}

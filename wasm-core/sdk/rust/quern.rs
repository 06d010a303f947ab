//! SQL functions from plain Rust functions: write the function inside a macro, and it has its exports.
//!
//! ```
//! #[macro_use]
//! mod quern;
//!
//! quern_function! {
//!     fn shout(text: &str) -> String { text.to_uppercase() }
//! }
//! ```
//!
//! The module stands at the root of the crate, by `#[path]` or as a copy of this file and those that it names; `rustc --crate-type cdylib` needs no crates.
//! How values cross is told in docs/plugin-abi.md, and how to write each kind of function in docs/rust.md.
#![allow(dead_code, unused_macros, clippy::missing_safety_doc)]

#[path = "quern_columns.rs"]
mod columns;
#[path = "quern_values.rs"]
mod values;

pub use columns::*;
pub use values::*;

/// Exports functions in both forms. Parameters are numbers, `bool`, `&str`, `&[u8]`, `i128`, `u128`, `Interval` and
/// `[u8; 16]`; results are these, `String` and `Vec<u8>`, and `Option` of the text and bytes among them.
macro_rules! quern_function {
    ($($(#[$meta:meta])* fn $name:ident($($parameters:tt)*) -> $result:ty $body:block)*) => {$(
        const _: () = {
            quern_row! { $name $result; [] []; $($parameters)* }
        };
        quern_batch! { $(#[$meta])* fn $name($($parameters)*) -> $result $body }
    )*};
}

/// Exports functions in the batch form alone, whose parameters are also `Option`, `Vec` (LIST), arrays and tuples
/// (STRUCT), and whose results may be any of these. A row with a NULL where a parameter's type takes none is NULL.
macro_rules! quern_batch {
    ($($(#[$meta:meta])* fn $name:ident($($parameter:ident: $type:ty),* $(,)?) -> $result:ty $body:block)*) => {$(
        $(#[$meta])* fn $name($($parameter: $type),*) -> $result $body
        // Without parameters there is nothing to count or to read.
        #[allow(unused)]
        const _: () = {
            use $crate::quern::{Argument, Batch, Builder, Column, Output};
            static mut OUT: Builder = Builder::new();

            #[export_name = concat!(stringify!($name), "__batch")]
            unsafe extern "C" fn batch(batch: *const Batch, _size: usize) -> *const Column {
                let out = &mut *std::ptr::addr_of_mut!(OUT);
                out.begin();
                <$result as Output>::shape(out);
                // Copies, so that the compiler knows that no result is written over them.
                let mut index = 0;
                $(let $parameter = (*batch).column(index); index += 1;)*
                let _ = index;
                for row in 0..(*batch).rows() {
                    if $((!<$type as Argument>::TAKES_NULL && $parameter.is_null(row)) ||)* false {
                        out.put_null();
                    } else {
                        Output::put($name($(<$type as Argument>::get(&$parameter, row)),*), out);
                    }
                }
                out.finish()
            }
        };
    )*};
}

/// Puts a manifest, a constant `&str` of JSON, into the module's custom section.
macro_rules! quern_manifest {
    ($text:expr) => {
        const _: () = {
            const TEXT: &str = $text;
            #[used]
            #[link_section = "quern"]
            static SECTION: [u8; TEXT.len()] = $crate::quern::bytes_of(TEXT);
        };
    };
}

/// The row form: a parameter of text or bytes is a pointer and a length, any other is one value.
macro_rules! quern_row {
    ($name:ident $result:ty; [$($parameters:tt)*] [$($arguments:tt)*];) => {
        #[export_name = stringify!($name)]
        unsafe extern "C" fn row($($parameters)*) -> <$result as $crate::quern::RowOutput>::Row {
            $crate::quern::RowOutput::into_row($name($($arguments)*))
        }
    };
    ($name:ident $result:ty; [$($ps:tt)*] [$($as:tt)*]; $p:ident: &str $(, $($rest:tt)*)?) => {
        quern_row! { $name $result; [$($ps)* pointer: *const u8, length: usize,]
            [$($as)* $crate::quern::text_at(pointer, length),]; $($($rest)*)? }
    };
    ($name:ident $result:ty; [$($ps:tt)*] [$($as:tt)*]; $p:ident: &[u8] $(, $($rest:tt)*)?) => {
        quern_row! { $name $result; [$($ps)* pointer: *const u8, length: usize,]
            [$($as)* $crate::quern::bytes_at(pointer, length),]; $($($rest)*)? }
    };
    ($name:ident $result:ty; [$($ps:tt)*] [$($as:tt)*]; $p:ident: $type:ty $(, $($rest:tt)*)?) => {
        quern_row! { $name $result; [$($ps)* value: <$type as $crate::quern::RowArgument>::Row,]
            [$($as)* $crate::quern::RowArgument::from_row(value),]; $($($rest)*)? }
    };
}

/// The bytes of a text, for a section.
pub const fn bytes_of<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < N {
        bytes[i] = text.as_bytes()[i];
        i += 1;
    }
    bytes
}

#[macro_use]
mod quern;

// The text backwards, letter by letter: my_function('abc') is 'cba'.
// @udf my_function(text VARCHAR) -> VARCHAR
quern_function! {
    fn my_function(text: &str) -> String {
        text.chars().rev().collect()
    }
}

/** The style is unlike GOV.UK's, so that people do not confuse the pages. Sizes in rem follow the reader's text size. */
export const style = `
:root { color-scheme: light; }
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: #2b1639; background: #fbf7ff;
  overflow-wrap: anywhere; border-top: 0.75rem solid;
  border-image: repeating-linear-gradient(-45deg, #5b2a86 0 1rem, #e86fb1 1rem 2rem) 12; }
.skip { position: absolute; left: -999rem; padding: 0.5rem 1rem; background: #fff; }
.skip:focus { position: static; display: block; }
header { padding: 0.75rem 1rem; color: #fff; background: #5b2a86; }
header p { max-width: 70rem; margin: 0 auto; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
main:focus { outline: none; }
h1 { margin: 0.5rem 0 1rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 0; font-size: 1.375rem; line-height: 1.3; }
fieldset { min-width: 0; margin: 0 0 1.5rem; padding: 0.5rem 1rem 1rem; background: #fff; border: 2px solid #8a5cb0;
  border-radius: 0.5rem; }
fieldset fieldset { margin: 0.75rem 0 0; padding-top: 0; border-width: 1px; }
legend { max-width: 100%; padding: 0 0.5rem; font-weight: 700; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 0.5rem; }
button { min-height: 2.75rem; padding: 0.5rem 0.75rem; font: inherit; text-align: left; color: inherit;
  overflow-wrap: anywhere; background: #f1e4fb; border: 2px solid #5b2a86; border-radius: 0.5rem; cursor: pointer; }
button:hover { background: #e0c8f3; }
label { display: flex; gap: 0.5rem; align-items: start; min-height: 2rem; padding: 0.15rem 0; }
label span { min-width: 0; }
input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0.05rem 0 0; accent-color: #5b2a86; }
a { color: #5b2a86; }
:focus-visible { outline: 3px solid #c2136b; outline-offset: 3px; }
header :focus-visible { outline-color: #fff; }
code { font-size: 1em; }
dt { font-weight: 700; }
dd { margin: 0 0 0.5rem; }
`;

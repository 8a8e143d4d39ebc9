export declare class Cookies {
}
